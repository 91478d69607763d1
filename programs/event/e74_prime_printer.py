# Two events hand over primes. Main sets both to end it, which lets the printer through with nothing to print: None.
# catalogue: E74
# ending: finished
# outcomes: one; free: many
# always: (1\n(2\n(3\n(5\n(7\n(11\n(13\n(\d+\n)*)?)?)?)?)?)?)?(None\n)?
# python: none
import threading
import time

found = threading.Event()
printed = threading.Event()
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
        found.wait()
        print(prime)
        prime = None
        found.clear()
        printed.set()


def find():
    global prime
    n = 1
    while not stopped:
        while not is_prime(n):
            n += 1
            time.sleep(0.01)
        prime = n
        n += 1
        found.set()
        printed.wait()
        printed.clear()


shower = threading.Thread(target=show, name="shower")
finder = threading.Thread(target=find, name="finder")
shower.start()
finder.start()
time.sleep(3)
stopped = True
found.set()
printed.set()
shower.join()
finder.join()
