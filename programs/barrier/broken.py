# abort, and a timeout, break a barrier for those who wait and for late comers; reset mends it.
# ending: finished
# outcomes: one; free: many
import threading
import time

barrier = threading.Barrier(3)
results = []


def arrive(name):
    try:
        barrier.wait()
        results.append((name, "through"))
    except threading.BrokenBarrierError as e:
        results.append((name, type(e).__name__, str(e)))


threads = [threading.Thread(target=arrive, args=(name,)) for name in "ab"]
for t in threads:
    t.start()
time.sleep(0.05)
print("waiting:", barrier.n_waiting)
barrier.abort()
for t in threads:
    t.join()
arrive("late")
print(barrier.broken, sorted(results))
barrier.reset()
print(barrier.broken)
try:
    barrier.wait(timeout=0.05)
except threading.BrokenBarrierError:
    print("timed out", barrier.broken)
