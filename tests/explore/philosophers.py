# argv[1] philosophers, left fork first, or the lower fork first when `ordered`.
import sys, threading
count, ordered = int(sys.argv[1]), 'ordered' in sys.argv
forks = [threading.Lock() for _ in range(count)]
def dine(i):
    a, b = i, (i + 1) % count
    if ordered: a, b = min(a, b), max(a, b)
    with forks[a]:
        with forks[b]: pass
ts = [threading.Thread(target=dine, args=(i,)) for i in range(count)]
for t in ts: t.start()
for t in ts: t.join()
