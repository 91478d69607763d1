# An `if` before wait breaks without spurious wakeups too: two consumers, notify_all, one item so far.
# raddle: switch=sync seed=1
# ending: thread-exception
# outcomes: many
# outcome too-many: seed=1 stdout="['second']\n"
# outcome enough: seed=10 ending=finished stdout="[]\n"
import threading

cond = threading.Condition()
items = []


def consume():
    with cond:
        if not items:
            cond.wait()
        items.pop()


def produce():
    for item in ("first", "second"):
        with cond:
            items.append(item)
            cond.notify_all()


threads = [threading.Thread(target=f) for f in (consume, consume, produce)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(items)
