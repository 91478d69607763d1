# done() is True after a task that failed, as after one that did not.
# catalogue: E35w
# raddle: switch=sync
# ending: finished
# outcomes: one; free: named
# outcome not-yet: seed=0 stdout="[False, False]\n[True, True]\n"
# outcome both: time=free seed=20 stdout="[True, True]\n[True, True]\n"
# outcome first: time=free seed=12 stdout="[True, False]\n[True, True]\n"
# outcome second: time=free seed=10 stdout="[False, True]\n[True, True]\n"
import time
from concurrent.futures import ThreadPoolExecutor, wait


def divide(a, b):
    time.sleep(0.1)
    return a / b


with ThreadPoolExecutor(max_workers=2) as executor:
    futures = [executor.submit(divide, 4, 2), executor.submit(divide, 4, 0)]
    print([future.done() for future in futures])
    wait(futures)
    print([future.done() for future in futures])
