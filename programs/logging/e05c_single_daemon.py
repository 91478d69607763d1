# The same with a daemon: the program does not wait for it, so that its last line is never logged, and its first may be missing.
# catalogue: E05c
# raddle: switch=sync
# ending: finished
# outcomes: named; free: many
# always: (?s).*main: all done\n(.*begins\n)?(.*is done\n)?
# outcome begins-first: seed=7
# outcome begins-between: seed=3
# outcome begins-last: seed=1
# outcome never-begins: seed=0
# outcome done-all-the-same: time=free seed=19
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
    t = threading.Thread(target=work, args=(1,), daemon=True)
    logging.info("main: before it is started")
    t.start()
    logging.info("main: it is on its way")
    logging.info("main: all done")
