# A callback that is registered above its definition: the name is not there yet.
# catalogue: E38
# raddle: switch=sync
# ending: exception
# outcomes: one
from concurrent.futures import ThreadPoolExecutor


def divide(a, b):
    return a / b


with ThreadPoolExecutor(max_workers=1) as executor:
    future = executor.submit(divide, 9, 2)
    future.add_done_callback(show)


def show(future):
    print("result:", future.result())
