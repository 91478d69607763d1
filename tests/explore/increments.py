# Two threads with argv[1] unlocked increments each.
import sys, threading
n = 0
def add():
    global n
    for _ in range(int(sys.argv[1])):
        n += 1
ts = [threading.Thread(target=add) for _ in range(2)]
for t in ts: t.start()
for t in ts: t.join()
print(n)
