# A slot guarded by two locks that serve as signals: each is taken by one thread and released by the other.
# catalogue: E75
# raddle: switch=sync
# ending: finished
# outcomes: many
# always: (\d\d:\d\d:\d\d: (got|storing) \d+\n){20}
# python: none
import logging
import random
import threading
from concurrent.futures import ThreadPoolExecutor

END = object()


class Slot:
    def __init__(self):
        self.message = None
        self.full = threading.Lock()
        self.empty = threading.Lock()
        self.full.acquire()

    def put(self, message):
        self.empty.acquire()
        self.message = message
        self.full.release()

    def take(self):
        self.full.acquire()
        message = self.message
        self.empty.release()
        return message


def produce(slot):
    for _ in range(10):
        message = random.randint(1, 101)
        logging.info("got %s", message)
        slot.put(message)
    slot.put(END)


def consume(slot):
    message = slot.take()
    while message is not END:
        logging.info("storing %s", message)
        message = slot.take()


logging.basicConfig(format="%(asctime)s: %(message)s", level=logging.INFO, datefmt="%H:%M:%S")
slot = Slot()
with ThreadPoolExecutor(max_workers=2) as executor:
    executor.submit(produce, slot)
    executor.submit(consume, slot)
