# Acquires and releases in any pattern, as long as there are as many of both: at last the lock is free.
# catalogue: E50
# ending: finished
# outcomes: one
from threading import RLock

lock = RLock()
lock.acquire()
lock.acquire()
lock.acquire()
lock.release()
lock.acquire()
lock.release()
lock.release()
lock.release()
