# Readers together or a writer alone: no reader sees half of a write.
import threading
readers = 0
value = 0
mutex = threading.Lock()
room = threading.Lock()
def read():
    global readers
    with mutex:
        readers += 1
        if readers == 1: room.acquire()
    first = value
    second = value
    assert first == second
    with mutex:
        readers -= 1
        if readers == 0: room.release()
def write():
    global value
    with room:
        value += 1
        value += 1
ts = [threading.Thread(target=f) for f in (read, read, write)]
for t in ts: t.start()
for t in ts: t.join()
print(value)
