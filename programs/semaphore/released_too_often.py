# A bounded semaphore refuses a release too many; a plain one does not.
# ending: exception
# outcomes: one
import threading

plain = threading.Semaphore(1)
plain.release()
print("plain takes it:", plain.acquire(False), plain.acquire(False), plain.acquire(False))
bounded = threading.BoundedSemaphore(1)
with bounded:
    print("inside")
bounded.release()
print("never printed")
