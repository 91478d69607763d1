# A queue is emptied by way of its insides, under its mutex as the well-known recipe has it, but nobody tells the putter that there is room.
# raddle: switch=sync seed=12
# ending: deadlock
# outcomes: named
# outcome waits: seed=12 stdout=""
# outcome comes-later: seed=0 ending=finished stdout="put\n"
import queue
import threading

jobs = queue.Queue(maxsize=1)
jobs.put("old")


def putter():
    jobs.put("new")
    print("put")


thread = threading.Thread(target=putter)
thread.start()
with jobs.mutex:
    jobs.queue.clear()
    # jobs.not_full.notify() is missing.
thread.join()
