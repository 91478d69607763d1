# A thread releases a reentrant lock that main holds: it dies of RuntimeError, and the program still ends well.
# catalogue: E51
# raddle: switch=sync
# ending: thread-exception
# outcomes: one
from threading import RLock, Thread

lock = RLock()


def work():
    lock.release()
    print("never printed")


lock.acquire()
t = Thread(target=work, name="worker")
t.start()
t.join()
lock.release()
