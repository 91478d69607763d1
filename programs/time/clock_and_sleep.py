# Sleeps order things; clocks agree with them. Nothing waits in reality.
# ending: finished
# outcomes: one; free: many
import threading
import time

start = time.monotonic(), time.time(), time.perf_counter()
log = []


def nap(name, seconds):
    time.sleep(seconds)
    log.append(name)


naps = [threading.Thread(target=nap, args=a) for a in (("c", 0.3), ("a", 0.1), ("b", 0.2))]
for t in naps:
    t.start()
for t in naps:
    t.join()
print("".join(log))
end = time.monotonic(), time.time(), time.perf_counter()
print([round(b - a, 1) for a, b in zip(start, end)])
try:
    time.sleep(-1)
except ValueError as e:
    print(e)
