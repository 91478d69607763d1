# The same wait in a `while`: a spurious wakeup finds nothing, and waits again.
# catalogue: E59
# raddle: spurious=2 seed=9
# ending: finished
# outcomes: one
import threading

cond = threading.Condition()
prime = None
found = False


def show():
    global found
    with cond:
        while not found:
            cond.wait()
        print(prime)
        found = False


def find():
    global prime, found
    with cond:
        prime = 7
        found = True
        cond.notify()


threads = [threading.Thread(target=show, name="shower"), threading.Thread(target=find, name="finder")]
for t in threads:
    t.start()
for t in threads:
    t.join()
