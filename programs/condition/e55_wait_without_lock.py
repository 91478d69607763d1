# wait needs the lock of the condition; without it, it raises.
# catalogue: E55
# ending: exception
# outcomes: one
import threading

cond = threading.Condition()
cond.wait()
