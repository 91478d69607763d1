# A semaphore begins with one permit, or with as many as it is given.
# catalogue: E69
# ending: finished
# outcomes: one
import threading


def permits(semaphore):
    n = 0
    while semaphore.acquire(blocking=False):
        n += 1
    return n


print(permits(threading.Semaphore()))
print(permits(threading.Semaphore(5)))
