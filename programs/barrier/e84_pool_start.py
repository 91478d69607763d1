# All of a pool initialise, wait for each other, and only then begin to work.
# catalogue: E84
# raddle: switch=sync
# ending: finished
# outcomes: one
import threading

SIZE = 3
barrier = threading.Barrier(SIZE)
steps = []


def work():
    steps.append("initialised")
    barrier.wait()
    steps.append("works")


threads = [threading.Thread(target=work, name=name) for name in "abc"]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(*steps, sep="\n")
