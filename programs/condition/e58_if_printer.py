# A printer that tests with `if` before it waits: right as long as every wakeup is a real one.
# catalogue: E58
# ending: finished
# outcomes: one; free: many
# always: (1\n(2\n(3\n(5\n(7\n(11\n(13\n(\d+\n)*)?)?)?)?)?)?)?
# outcome real: seed=0
# outcome spurious: spurious=3 time=free seed=21 stdout="1\nNone\n"
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
        if not found and not stopped:
            cond.wait()
        cond.release()
        if not stopped:
            print(prime)
            prime = None
            cond.acquire()
            found = False
            cond.notify()
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
        cond.notify()
        cond.release()
        cond.acquire()
        while found and not stopped:
            cond.wait()
        cond.release()


shower = threading.Thread(target=show, name="shower")
finder = threading.Thread(target=find, name="finder")
shower.start()
finder.start()
for _ in range(30):
    time.sleep(0.1)  # in pieces: without real durations too, the others get their turns
stopped = True
cond.acquire()
cond.notify_all()
cond.release()
shower.join()
finder.join()
