# One thread takes and gives back a lock: 20,000 steps.
import threading

lock = threading.Lock()


def work(times):
    for _ in range(times):
        lock.acquire()
        lock.release()


work(10_000)
