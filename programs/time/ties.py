# Two sleeps that end at the same moment: either may go first.
# raddle: switch=sync step-cost=0 seed=1
# ending: finished
# outcomes: characters
import threading
import time

log = []


def nap(name):
    for _ in range(3):
        time.sleep(1)
        log.append(name)


threads = [threading.Thread(target=nap, args=(name,)) for name in "ab"]
for t in threads:
    t.start()
for t in threads:
    t.join()
print("".join(log))
