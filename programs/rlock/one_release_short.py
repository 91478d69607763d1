# Acquired twice, released once: the lock is still taken, and the child waits for ever.
# ending: deadlock
# outcomes: one
import threading

lock = threading.RLock()


def work():
    with lock:
        print("never printed")


lock.acquire()
lock.acquire()
lock.release()
t = threading.Thread(target=work)
t.start()
print("started")
t.join()
