# A timer calls its function in a thread of its own, a second later; main sleeps two.
# catalogue: E78
# ending: finished
# outcomes: one; free: characters
import threading
import time


def say_hi():
    print(threading.current_thread().name + " says Hi!")


timer = threading.Timer(1, say_hi)
timer.start()
time.sleep(2)
print(threading.current_thread().name + " exiting")
