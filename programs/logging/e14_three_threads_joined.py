# Three threads made in a loop and joined in the order of making, whatever the order in which they end.
# catalogue: E14
# raddle: switch=sync
# ending: finished
# outcomes: lines; free: many
# always: (?s).*joins 0\n.*0 has ended\n.*joins 1\n.*1 has ended\n.*joins 2\n.*2 has ended\n
# outcome in-order: seed=138
# outcome first-third-second: seed=1798
# outcome second-first-third: seed=10
# outcome second-third-first: seed=34
# outcome third-first-second: seed=112
# outcome third-second-first: seed=28
import logging
import threading
import time


def work(number):
    logging.info("thread %s begins", number)
    time.sleep(2)
    logging.info("thread %s is done", number)


if __name__ == "__main__":
    logging.basicConfig(format="%(asctime)s: %(message)s", level=logging.INFO, datefmt="%H:%M:%S")
    threads = []
    for number in range(3):
        logging.info("main: makes and starts %d", number)
        t = threading.Thread(target=work, args=(number,))
        threads.append(t)
        t.start()
    for number, t in enumerate(threads):
        logging.info("main: joins %d", number)
        t.join()
        logging.info("main: %d has ended", number)
