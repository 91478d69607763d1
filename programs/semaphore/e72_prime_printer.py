# Two semaphores hand over primes. Whoever sees the stop leaves and wakes nobody: its partner may wait for ever.
# catalogue: E72
# ending: finished
# outcomes: one; free: many
# always: (1\n(2\n(3\n(5\n(7\n(11\n(13\n(\d+\n)*)?)?)?)?)?)?)?
# outcome ends: seed=0
# outcome printer-hangs: time=free seed=9 ending=deadlock
# outcome finder-hangs: time=free seed=1 ending=deadlock
# python: none
import threading
import time

found = threading.Semaphore(0)
printed = threading.Semaphore(0)
prime = None
stopped = False


def is_prime(n):
    for d in range(2, n):
        if n % d == 0:
            return False
    return True


def show():
    global prime
    while not stopped:
        found.acquire()
        print(prime)
        prime = None
        printed.release()


def find():
    global prime
    n = 1
    while not stopped:
        while not is_prime(n):
            n += 1
            time.sleep(0.01)
        prime = n
        n += 1
        found.release()
        printed.acquire()


shower = threading.Thread(target=show, name="shower")
finder = threading.Thread(target=find, name="finder")
shower.start()
finder.start()
time.sleep(3)
stopped = True
shower.join()
finder.join()
