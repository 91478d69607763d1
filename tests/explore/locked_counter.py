# argv[1] threads with argv[2] locked increments each.
import sys, threading
n = 0
lock = threading.Lock()
def add():
    global n
    for _ in range(int(sys.argv[2])):
        with lock: n += 1
ts = [threading.Thread(target=add) for _ in range(int(sys.argv[1]))]
for t in ts: t.start()
for t in ts: t.join()
print(n)
