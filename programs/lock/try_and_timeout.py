# acquire may give up: at once, or after a time; misuse of its arguments raises.
# ending: finished
# outcomes: one; free: many
import threading
import time

lock = threading.Lock()
print("free:", lock.acquire(), lock.locked())
print("taken:", lock.acquire(blocking=False), lock.acquire(False))
start = time.monotonic()
print("timed:", lock.acquire(timeout=0.25))
print("waited:", round(time.monotonic() - start, 1) >= 0.2)
for kwargs in ({"blocking": False, "timeout": 1}, {"timeout": -2}, {"timeout": threading.TIMEOUT_MAX * 2}):
    try:
        lock.acquire(**kwargs)
    except (ValueError, OverflowError) as e:
        print(type(e).__name__)


def give_back():
    time.sleep(0.1)
    lock.release()


helper = threading.Thread(target=give_back)
helper.start()
print("in time:", lock.acquire(timeout=5))
helper.join()
