# Three threads and about a hundred live objects, stopped half way by the benchmark of going back.
import threading


class Item:
    def __init__(self, number):
        self.number = number
        self.tags = [number, number + 1]


shelf = {f"item {i}": Item(i) for i in range(30)}
lock = threading.Lock()
log = []


def work(name):
    for key in shelf:
        with lock:
            shelf[key].number += 1
            log.append((name, key))


threads = [threading.Thread(target=work, args=(name,)) for name in "ab"]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert len(log) == 60
