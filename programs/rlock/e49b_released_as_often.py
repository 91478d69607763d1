# The same with the second release: the thread gets the lock.
# catalogue: E49b
# raddle: switch=sync
# ending: finished
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
lock.release()
t.join()
