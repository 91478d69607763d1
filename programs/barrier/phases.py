# No thread begins the second phase before all have finished the first.
# ending: finished
# outcomes: one
import threading

barrier = threading.Barrier(3)
log = []


def work(n):
    log.append("load")
    index = barrier.wait()
    log.append("run")
    barrier.wait()
    places.append(index)


places = []
threads = [threading.Thread(target=work, args=(n,)) for n in range(3)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(log, sorted(places))
print(barrier.parties, barrier.n_waiting, barrier.broken)
