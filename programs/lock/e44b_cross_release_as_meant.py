# As it was meant: each thread releases the lock that the other has taken. That is allowed, and nothing hangs.
# catalogue: E44b
# raddle: switch=sync
# ending: finished
# outcomes: one; free: named
# outcome clean: seed=0
# outcome first-dies: time=free seed=2 ending=thread-exception
# outcome second-dies: time=free seed=11 ending=thread-exception
from threading import *
import time


def first(one, two):
    one.acquire()
    time.sleep(1)
    two.release()


def second(one, two):
    two.acquire()
    time.sleep(1)
    one.release()


one, two = Lock(), Lock()
threads = [Thread(target=first, args=(one, two)), Thread(target=second, args=(one, two))]
for t in threads:
    t.start()
for t in threads:
    t.join()
