# result(timeout) gives up after that time; the task goes on, and is done after a wait without a limit.
# catalogue: E36w
# raddle: switch=sync
# ending: finished
# outcomes: one; free: named
# outcome too-early: seed=0 stdout="too early\nslow result True\n"
# outcome in-time: time=free seed=10 stdout="slow result\nslow result True\n"
import concurrent.futures
import time


def slow():
    time.sleep(1)
    return "slow result"


with concurrent.futures.ThreadPoolExecutor() as executor:
    future = executor.submit(slow)
    try:
        print(future.result(timeout=0.1))
    except concurrent.futures.TimeoutError:
        print("too early")
    print(future.result(timeout=None), future.done())
