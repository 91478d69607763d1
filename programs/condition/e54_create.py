# A condition made without a lock makes one itself, a reentrant one. Nothing of it shows.
# catalogue: E54
# ending: finished
# outcomes: one
import threading

cond = threading.Condition()
