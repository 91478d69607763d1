# One thread changes a list under a lock, the other prints it under the same: 777 if it comes second, else 1.
# catalogue: E43
# raddle: switch=sync
# ending: finished
# outcomes: many
# always: (?s).*value (777|1)\D.*777 at last\n
# outcome writer-first: seed=6
# outcome reader-first: seed=899
# outcome release-told-late: seed=87
from threading import Lock, Thread, current_thread
import time

shared = [1]
lock = Lock()


def write():
    print(f"{current_thread().name} wants the lock")
    lock.acquire()
    print(f"{current_thread().name} has the lock")
    shared[0] = 777
    time.sleep(3)
    lock.release()
    print(f"{current_thread().name} has given it back")


def read():
    print(f"{current_thread().name} wants the lock")
    lock.acquire()
    print(f"{current_thread().name} has the lock")
    print(f"value {shared[0]}")
    lock.release()
    print(f"{current_thread().name} has given it back")


threads = [Thread(target=write, name="writer"), Thread(target=read, name="reader")]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(f"{shared[0]} at last")
