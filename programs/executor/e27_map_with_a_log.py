# An executor with three workers maps a function of two seconds over three items: all begin before any is done.
# catalogue: E27
# raddle: switch=sync
# ending: finished
# outcomes: lines; free: many
# always: (?s).*begins.*is done\n
# outcome in-order: seed=2
# outcome reversed: seed=1
# outcome one-after-another: time=free seed=2
import concurrent.futures
import logging
import time


def work(number):
    logging.info("task %s begins", number)
    time.sleep(2)
    logging.info("task %s is done", number)


if __name__ == "__main__":
    logging.basicConfig(format="%(asctime)s: %(message)s", level=logging.INFO, datefmt="%H:%M:%S")
    with concurrent.futures.ThreadPoolExecutor(max_workers=3) as executor:
        executor.map(work, range(3))
"a notebook would show this text"
