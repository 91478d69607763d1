# Producer and consumer share one slot; each waits in a loop for what it needs.
# ending: finished
# outcomes: one
import threading

cond = threading.Condition()
slot = []
taken = []


def produce(items):
    for item in items:
        with cond:
            while slot:
                cond.wait()
            slot.append(item)
            cond.notify()


def consume(count):
    for _ in range(count):
        with cond:
            cond.wait_for(lambda: slot)
            taken.append(slot.pop())
            cond.notify()


threads = [
    threading.Thread(target=produce, args=("abc",)),
    threading.Thread(target=consume, args=(3,)),
]
for t in threads:
    t.start()
for t in threads:
    t.join()
print("".join(taken), slot)
