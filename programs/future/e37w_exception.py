# exception() gives the exception that a task died of, or None.
# catalogue: E37w
# raddle: switch=sync
# ending: finished
# outcomes: one
from concurrent.futures import ThreadPoolExecutor


def divide(a, b):
    return a / b


with ThreadPoolExecutor(max_workers=2) as executor:
    bad, good = executor.submit(divide, 4, 0), executor.submit(divide, 4, 2)
    print(repr(bad.exception()))
    print(good.exception())
