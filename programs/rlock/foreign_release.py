# An RLock may be released by its owner alone: the thread that tries dies, main goes on.
# ending: thread-exception
# outcomes: one
import threading

lock = threading.RLock()


def intrude():
    lock.release()
    print("never printed")


lock.acquire()
t = threading.Thread(target=intrude)
t.start()
t.join()
lock.release()
try:
    lock.release()
except RuntimeError as e:
    print("main:", e)
