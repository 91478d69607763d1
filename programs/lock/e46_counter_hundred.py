# A hundred tasks raise an entry of a dict under a lock: it comes to a hundred.
# catalogue: E46
# raddle: switch=sync
# ending: finished
# outcomes: one
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

counter = {"value": 0}
lock = Lock()


def increment():
    with lock:
        counter["value"] += 1


with ThreadPoolExecutor(max_workers=100) as executor:
    for _ in range(100):
        executor.submit(increment)
print("counter at last:", counter["value"])
