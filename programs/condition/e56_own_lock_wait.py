# A condition over a lock of one's own. Main waits, and there is nobody who could notify: it hangs.
# catalogue: E56
# ending: deadlock
# outcomes: one
import threading

lock = threading.Lock()
cond = threading.Condition(lock)
cond.acquire()
cond.wait()
cond.release()
