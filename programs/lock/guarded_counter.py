# A lock around read, add and write: no update is ever lost.
# ending: finished
# outcomes: one
import threading


class Counter:
    def __init__(self):
        self._lock = threading.Lock()
        self.value = 0

    def add(self, n):
        with self._lock:
            before = self.value
            self.value = before + n


counter = Counter()


def work():
    for _ in range(2):
        counter.add(2)


threads = [threading.Thread(target=work) for _ in range(3)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(counter.value, counter._lock.locked())
