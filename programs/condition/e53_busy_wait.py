# Two threads hand over primes by polling a flag: it works for two, and most looks at the flag are in vain.
# catalogue: E53
# ending: finished
# outcomes: many
# always: (1\n(2\n(3\n(5\n(7\n(11\n(13\n(\d+\n)*)?)?)?)?)?)?)?
# python: none
import threading
import time

prime = None
found = False
stopped = False


def is_prime(n):
    for d in range(2, n):
        if n % d == 0:
            return False
    return True


def find():
    global prime, found
    n = 1
    while not stopped:
        while not is_prime(n):
            n += 1
        prime = n
        found = True
        n += 1
        while found and not stopped:
            time.sleep(0.1)


def show():
    global prime, found
    while not stopped:
        while not found and not stopped:
            time.sleep(0.1)
        if not stopped:
            print(prime)
            prime = None
            found = False


shower = threading.Thread(target=show, name="shower")
finder = threading.Thread(target=find, name="finder")
shower.start()
finder.start()
time.sleep(3)
stopped = True
shower.join()
finder.join()
