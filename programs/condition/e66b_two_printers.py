# Two printers, and the loop is not enough: a second one still sees the flag while the first prints, and prints None.
# catalogue: E66b
# raddle: time=free
# ending: finished
# outcomes: many
# always: (\d|None|\n)*
# outcome right: seed=3 stdout="1\n"
# outcome none: seed=12 stdout="1\nNone\n"
# outcome twice: seed=9 stdout="1\n1\n"
# python: none
import threading
import time

cond = threading.Condition()
prime = None
found = False
stopped = False


def is_prime(n):
    for d in range(2, n):
        if n % d == 0:
            return False
    return True


def show():
    global prime, found
    while not stopped:
        cond.acquire()
        while not found and not stopped:
            cond.wait()
        cond.release()
        if not stopped:
            print(prime)
            prime = None
            cond.acquire()
            found = False
            cond.notify_all()
            cond.release()


def find():
    global prime, found
    n = 1
    while not stopped:
        while not is_prime(n):
            n += 1
            time.sleep(0.01)
        prime = n
        n += 1
        cond.acquire()
        found = True
        cond.notify_all()
        cond.release()
        cond.acquire()
        while found and not stopped:
            cond.wait()
        cond.release()


showers = [threading.Thread(target=show, name=name) for name in ("shower-1", "shower-2")]
finder = threading.Thread(target=find, name="finder")
for shower in showers:
    shower.start()
finder.start()
for _ in range(30):
    time.sleep(0.01)  # in pieces: without real durations too, the others get their turns
stopped = True
cond.acquire()
cond.notify_all()
cond.release()
for shower in showers:
    shower.join()
finder.join()
