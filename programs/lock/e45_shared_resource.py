# The resource of E40 with a lock around change, sleep and print: the values are 1 and 2, and no line is torn.
# catalogue: E45
# ending: finished
# outcomes: named
# outcome first-first: seed=0 stdout="First 1\n\nSecond 2\n\n"
# outcome second-first: seed=1 stdout="Second 1\n\nFirst 2\n\n"
import threading
import time


class Resource:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def use(self, name):
        self.lock.acquire()
        self.value += 1
        time.sleep(0.2)
        print(f"{name} {self.value}\n")
        self.lock.release()


resource = Resource()
for name in ("First", "Second"):
    threading.Thread(target=resource.use, args=(name,)).start()
