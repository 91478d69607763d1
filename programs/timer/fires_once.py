# A timer is a thread that calls a function after a while, with its arguments.
# ending: finished
# outcomes: one; free: many
import threading
import time


def ring(what, *, times=1):
    print(what * times, isinstance(threading.current_thread(), threading.Timer))


short = threading.Timer(0.1, ring, args=["ding "], kwargs={"times": 2})
long = threading.Timer(0.2, ring, ("dong",))
long.start()
short.start()
print("set", short.is_alive(), short.daemon)
time.sleep(0.3)
print("over", short.is_alive())
