# A reentrant lock may be taken again by its holder, and has to be given back as often.
# catalogue: E48
# ending: finished
# outcomes: one
from threading import RLock

lock = RLock()
lock.acquire()
lock.acquire()
lock.release()
lock.release()
