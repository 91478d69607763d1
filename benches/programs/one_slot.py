# A slot for one item, one condition, a producer of three items and two consumers (the peers' w4).
import threading

changed = threading.Condition()
item = None
taken = 0
received = 0


def produce():
    global item
    for number in (1, 2, 3):
        with changed:
            while item is not None:
                changed.wait()
            item = number
            changed.notify_all()


def consume():
    global item, taken, received
    while True:
        with changed:
            while item is None and taken < 3:
                changed.wait()
            if item is None:
                return
            received += item
            item = None
            taken += 1
            changed.notify_all()


workers = [threading.Thread(target=task) for task in (produce, consume, consume)]
for worker in workers:
    worker.start()
for worker in workers:
    worker.join()
assert received == 6
