# A bounded queue and an event to stop. If the producer leaves an empty queue behind while the consumer is in get, it hangs.
# catalogue: E76
# raddle: switch=sync step-cost=250us
# ending: finished
# outcomes: many
# outcome ends: seed=0
# outcome one-left: time=free seed=45 stdout="left: 1\n"
# outcome hangs: time=free seed=17 ending=deadlock
# python: none
import logging
import queue
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor


class Pipeline(queue.Queue):
    def __init__(self):
        super().__init__(maxsize=10)

    def take(self):
        value = self.get()
        logging.info("took %s", value)
        return value

    def store(self, value):
        self.put(value)
        logging.info("put %s", value)


def produce(pipeline, event):
    while not event.is_set():
        pipeline.store(random.randint(1, 101))
    logging.info("producer leaves")


def consume(pipeline, event):
    while not event.is_set() or not pipeline.empty():
        value = pipeline.take()
        logging.info("stored %s, %s waiting", value, pipeline.qsize())
    logging.info("consumer leaves")


logging.basicConfig(format="%(asctime)s: %(message)s", level=logging.INFO, datefmt="%H:%M:%S")
pipeline = Pipeline()
event = threading.Event()
with ThreadPoolExecutor(max_workers=2) as executor:
    executor.submit(produce, pipeline, event)
    executor.submit(consume, pipeline, event)
    time.sleep(0.01)
    logging.info("main stops it")
    event.set()
print("left:", pipeline.qsize())
