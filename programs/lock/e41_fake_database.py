# The database of E39 with a lock around read, sleep and write: no update is lost.
# catalogue: E41
# ending: finished
# outcomes: lines
# always: (?s).*value at last: 2\n
# outcome in-order: seed=1
# outcome second-first: seed=0
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor


class FakeDatabase:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def update(self, number):
        logging.info("update %s begins", number)
        logging.debug("update %s wants the lock", number)
        with self.lock:
            logging.debug("update %s has the lock", number)
            copy = self.value
            copy += 1
            time.sleep(0.1)
            self.value = copy
            logging.debug("update %s gives the lock back", number)
        logging.debug("update %s is without the lock", number)
        logging.info("update %s is done", number)


logging.basicConfig(format="%(message)s", level=logging.INFO)
database = FakeDatabase()
logging.info("value at first: %d", database.value)
with ThreadPoolExecutor(max_workers=2) as executor:
    for number in range(2):
        executor.submit(database.update, number)
logging.info("value at last: %d", database.value)
