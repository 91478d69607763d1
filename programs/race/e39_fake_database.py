# Two tasks read a value, sleep, and write it back raised by one: both have read the same, and one update is lost.
# catalogue: E39
# ending: finished
# outcomes: lines; free: many
# always: (?s)value at first: 0\n.*value at last: [12]\n
# outcome lost: seed=1
# outcome lost-other-order: seed=0
# outcome found: time=free seed=2
# outcome found-though-begun-together: time=free seed=3
import logging
import time
from concurrent.futures import ThreadPoolExecutor


class FakeDatabase:
    def __init__(self):
        self.value = 0

    def update(self, number):
        logging.info("update %s begins", number)
        copy = self.value
        copy += 1
        time.sleep(0.1)
        self.value = copy
        logging.info("update %s is done", number)


logging.basicConfig(format="%(message)s", level=logging.INFO)
database = FakeDatabase()
logging.info("value at first: %d", database.value)
with ThreadPoolExecutor(max_workers=2) as executor:
    for number in range(2):
        executor.submit(database.update, number)
logging.info("value at last: %d", database.value)
