# A timer cancelled at the very moment it is due: it fires, or it does not.
# raddle: switch=sync seed=0 step-cost=0
# ending: finished
# outcomes: many
import threading
import time

fired = []
timer = threading.Timer(1, fired.append, ["rang"])
timer.start()
time.sleep(1)
timer.cancel()
timer.join()
print(fired)
