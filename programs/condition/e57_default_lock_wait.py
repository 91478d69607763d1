# A condition over the lock it makes itself. Main waits, and there is nobody who could notify: it hangs.
# catalogue: E57
# ending: deadlock
# outcomes: one
import threading

cond = threading.Condition()
cond.acquire()
cond.wait()
cond.release()
