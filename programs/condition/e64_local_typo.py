# The finder stores its prime under a misspelt name, a local: the printer prints None, and nothing slows it down.
# catalogue: E64
# raddle: step-cost=10ms
# ending: finished
# outcomes: many
# always: (None\n)*
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
            cond.notify()
            cond.release()


def find():
    global prime, found
    n = 1
    while not stopped:
        while not is_prime(n):
            n += 1
        pirme = n
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
