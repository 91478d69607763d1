# Main takes a reentrant lock twice and gives it back once: it still has it, and the thread waits for ever.
# catalogue: E49
# raddle: switch=sync
# ending: deadlock
# outcomes: one
from threading import RLock, Thread

lock = RLock()


def work():
    lock.acquire()
    print("the thread has the lock")
    lock.release()


lock.acquire()
lock.acquire()
t = Thread(target=work, name="worker")
t.start()
lock.release()
t.join()
