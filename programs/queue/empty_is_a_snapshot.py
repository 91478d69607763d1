# empty() tells of a moment that has passed: two consumers, one item, and a get that never returns.
# raddle: switch=sync seed=3
# ending: deadlock
# outcomes: named
# outcome hangs: seed=3 stdout="got item\n"
# outcome ends: seed=2 ending=finished stdout="got item\n"
import queue
import threading

q = queue.Queue()
q.put("item")


def consume():
    if not q.empty():
        print("got", q.get())


consumers = [threading.Thread(target=consume, name=f"consumer-{n}") for n in (1, 2)]
for c in consumers:
    c.start()
for c in consumers:
    c.join()
