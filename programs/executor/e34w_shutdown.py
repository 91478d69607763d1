# shutdown(wait=True) returns when all tasks have ended; then no more are taken.
# catalogue: E34w
# raddle: switch=sync
# ending: finished
# outcomes: one
# python: 3.9
import time
from concurrent.futures import ThreadPoolExecutor


def square(n):
    time.sleep(n / 100)
    return n * n


executor = ThreadPoolExecutor(max_workers=2)
futures = [executor.submit(square, n) for n in (3, 2, 1)]
executor.shutdown(wait=True, cancel_futures=False)
print([future.done() for future in futures])
print([future.result() for future in futures])
try:
    executor.submit(square, 4)
except RuntimeError as error:
    print(error)
