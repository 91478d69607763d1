# One thread, and a log that tells the order of things: the process outlives the last line of main by two seconds.
# catalogue: E05
# raddle: switch=sync
# ending: finished
# outcomes: named; free: many
# always: (?s).*begins\n.*is done\n.*
# outcome thread-first: seed=7
# outcome between: seed=3
# outcome main-first: seed=0
# outcome thread-all-before-main: time=free seed=20
import logging
import threading
import time


def work(number):
    logging.info("thread %s begins", number)
    time.sleep(2)
    logging.info("thread %s is done", number)


if __name__ == "__main__":
    logging.basicConfig(format="%(asctime)s: %(message)s", level=logging.INFO, datefmt="%H:%M:%S")
    logging.info("main: before the thread is made")
    t = threading.Thread(target=work, args=(1,))
    logging.info("main: before it is started")
    t.start()
    logging.info("main: it is on its way")
    logging.info("main: all done")
