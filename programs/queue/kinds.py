# First in, last in, smallest: three orders of the same items; and what full and empty queues do.
# ending: finished
# outcomes: one
import queue

for make in (queue.Queue, queue.LifoQueue, queue.PriorityQueue, queue.SimpleQueue):
    q = make()
    for item in (3, 1, 2):
        q.put(item)
    print(f"{make.__name__} {[q.get() for _ in range(3)]} {q.empty()}")

small = queue.Queue(maxsize=1)
small.put("only")
for attempt in (
    lambda: small.put("more", block=False),
    lambda: small.put("more", timeout=0.01),
    lambda: small.put_nowait("more"),
    lambda: small.put("more", timeout=-1),
):
    try:
        attempt()
    except (queue.Full, ValueError) as e:
        print(type(e).__name__, e)
print(small.get_nowait(), small.full())
try:
    small.get(timeout=0.01)
except queue.Empty as e:
    print(type(e).__name__, isinstance(e, Exception))
