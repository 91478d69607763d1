# Two threads raise one attribute without a lock, sleep, and print it: both print the last value, 1 if an update was lost.
# catalogue: E40
# ending: finished
# outcomes: named; free: many
# always: (First|Second) [12]\n+(First|Second) [12]\n+
# outcome torn: seed=86 stdout="Second 2\nFirst 2\n\n\n"
# outcome whole: seed=9 stdout="First 2\n\nSecond 2\n\n"
# outcome whole-second-first: seed=10 stdout="Second 2\n\nFirst 2\n\n"
# outcome torn-first-first: seed=13 stdout="First 2\nSecond 2\n\n\n"
# outcome lost: seed=0 stdout="First 1\n\nSecond 1\n\n"
# outcome lost-second-first: seed=4 stdout="Second 1\n\nFirst 1\n\n"
# outcome lost-torn: seed=3 stdout="First 1\nSecond 1\n\n\n"
# outcome lost-torn-second-first: seed=8 stdout="Second 1\nFirst 1\n\n\n"
# outcome one-after-another: time=free seed=9 stdout="First 1\n\nSecond 2\n\n"
import threading
import time


class Resource(threading.Thread):
    def __init__(self):
        self.value = 0

    def use(self, name):
        self.value += 1
        time.sleep(0.2)
        print(f"{name} {self.value}\n")


resource = Resource()
for name in ("First", "Second"):
    threading.Thread(target=resource.use, args=(name,)).start()
