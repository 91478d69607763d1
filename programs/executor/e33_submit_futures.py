# Four submitted tasks for two workers: each future is asked for its exception first, then for its result.
# catalogue: E33
# raddle: switch=sync
# ending: finished
# outcomes: one
import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import List


def divide(a: int, b: int) -> float:
    time.sleep(1)
    return a / b


futures: List[Future] = []
with ThreadPoolExecutor(max_workers=2) as executor:
    for a, b in zip([4, 3, 10, 3], [2, 0, 2, 2]):
        futures.append(executor.submit(divide, a, b))
for future in futures:
    error = future.exception()
    print(future.result() if error is None else error)
