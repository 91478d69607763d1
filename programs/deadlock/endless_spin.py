# Not stuck, but endless: a thread spins on a flag that nobody sets.
# raddle: switch=sync max-steps=20
# ending: endless
# outcomes: one
import threading
import time

stop = False


def spin():
    while not stop:
        time.sleep(0.01)


threading.Thread(target=spin, name="spinner").start()
print("main is done")
