# One set frees all waiters; later waits return at once.
# ending: finished
# outcomes: one
import threading
import time

gun = threading.Event()
started = []


def run(lane):
    gun.wait()
    started.append(lane)


runners = [threading.Thread(target=run, args=(lane,)) for lane in range(4)]
for r in runners:
    r.start()
time.sleep(0.05)
print("waiting:", started, gun.is_set())
gun.set()
for r in runners:
    r.join()
print("ran:", sorted(started), gun.wait(), gun.wait(timeout=3))
gun.clear()
print("cleared:", gun.is_set(), gun.wait(0.01))
