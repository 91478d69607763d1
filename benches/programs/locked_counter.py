# Four threads add fifty times each to a counter that a lock guards (the peers' w5).
import threading

total = 0
guard = threading.Lock()


def add():
    global total
    for _ in range(50):
        with guard:
            total += 1


workers = [threading.Thread(target=add) for _ in range(4)]
for worker in workers:
    worker.start()
for worker in workers:
    worker.join()
assert total == 200
