# A release is kept until somebody acquires, unlike a notification.
# ending: finished
# outcomes: one
import threading

signal = threading.Semaphore(0)
print("empty:", signal.acquire(blocking=False), signal.acquire(timeout=0.1))
early = threading.Thread(target=signal.release)
early.start()
early.join()
print("kept:", signal.acquire())
signal.release(3)
print("three:", [signal.acquire(blocking=False) for _ in range(4)])
try:
    threading.Semaphore(-1)
except ValueError as e:
    print(e)
