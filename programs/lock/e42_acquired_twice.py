# Main takes a plain lock twice: it waits for itself.
# catalogue: E42
# ending: deadlock
# outcomes: one
import threading

lock = threading.Lock()
print("before the first acquire")
lock.acquire()
print("before the second acquire")
lock.acquire()
print("never printed")
