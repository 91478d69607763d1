# A queue that is shut down gives out what it has, then raises; puts raise at once.
# ending: finished
# outcomes: one
# python: 3.13
import queue
import threading

q = queue.Queue()
seen = []


def consume():
    try:
        while True:
            seen.append(q.get())
    except queue.ShutDown as e:
        seen.append(type(e).__name__)


t = threading.Thread(target=consume)
t.start()
q.put("last words")
q.shutdown()
t.join()
print(seen)
try:
    q.put("too late")
except queue.ShutDown as e:
    print(repr(e))
q = queue.LifoQueue()
q.put(1)
q.shutdown(immediate=True)
print(q.qsize(), q.is_shutdown)
