# Meant as two threads that release each other's lock, but both run the same function: one dies of it, still holding a lock.
# catalogue: E44
# raddle: switch=sync
# ending: deadlock
# outcomes: named
# outcome first-dies: seed=0
# outcome second-dies: seed=1
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
threads = [Thread(target=first, args=(one, two)), Thread(target=first, args=(one, two))]
for t in threads:
    t.start()
for t in threads:
    t.join()
