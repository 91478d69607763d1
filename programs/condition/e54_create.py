# A condition brings its own lock, which is reentrant.
# catalogue: E54
# ending: finished
# outcomes: one
import threading

cond = threading.Condition()
