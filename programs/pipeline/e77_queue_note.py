# Producer and consumer over a plain queue and an event, without a word: the same hang is in it.
# catalogue: E77
# raddle: switch=sync step-cost=1ms
# ending: finished
# outcomes: many
# outcome ends: seed=0
# outcome hangs: time=free seed=15 ending=deadlock
# python: none
import queue
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor


def produce(queue, event):
    while not event.is_set():
        queue.put(random.randint(1, 101))


def consume(queue, event):
    while not event.is_set() or not queue.empty():
        queue.get()


pipeline = queue.Queue(maxsize=10)
event = threading.Event()
with ThreadPoolExecutor(max_workers=2) as executor:
    executor.submit(produce, pipeline, event)
    executor.submit(consume, pipeline, event)
    time.sleep(0.1)
    event.set()
