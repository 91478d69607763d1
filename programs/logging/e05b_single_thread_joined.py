# The same with a join: the last line of main comes after the last of the thread.
# catalogue: E05b
# raddle: switch=sync
# ending: finished
# outcomes: named; free: many
# always: (?s).*begins\n.*is done\n.*main: all done\n
# outcome main-first: seed=0
# outcome thread-first: seed=7
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
    t.join()
    logging.info("main: all done")
