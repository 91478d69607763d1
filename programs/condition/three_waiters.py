# notify_all wakes three waiters; they take the lock one by one, in any order.
# raddle: switch=sync seed=2
# ending: finished
# outcomes: characters
import threading
import time

cond = threading.Condition()
ready = False
order = []


def wait(name):
    with cond:
        while not ready:
            cond.wait()
        order.append(name)


threads = [threading.Thread(target=wait, args=(name,)) for name in "abc"]
for t in threads:
    t.start()
time.sleep(1)
with cond:
    ready = True
    cond.notify_all()
for t in threads:
    t.join()
print(*order)
