# Two stages joined by bounded queues; None tells the next stage that no more will come.
# ending: finished
# outcomes: one
import queue
import threading


def double(source, sink):
    while (item := source.get()) is not None:
        sink.put(item * 2)
    sink.put(None)


raw = queue.Queue(maxsize=2)
doubled = queue.Queue(maxsize=1)
result = []


def collect():
    for item in iter(doubled.get, None):
        result.append(item)


stages = [
    threading.Thread(target=double, args=(raw, doubled)),
    threading.Thread(target=collect),
]
for s in stages:
    s.start()
for n in range(6):
    raw.put(n)
raw.put(None)
for s in stages:
    s.join()
print(result, raw.empty(), doubled.qsize())
