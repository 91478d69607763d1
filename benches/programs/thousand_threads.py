# A thousand threads, all alive at once, each adding to a counter under a lock.
import threading

COUNT = 1_000
lock = threading.Lock()
go = threading.Event()
total = 0


def work():
    global total
    go.wait()
    with lock:
        total += 1


threads = [threading.Thread(target=work) for _ in range(COUNT)]
for thread in threads:
    thread.start()
go.set()
for thread in threads:
    thread.join()
assert total == COUNT, total
print(total)
