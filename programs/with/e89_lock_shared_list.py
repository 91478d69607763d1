# A lock in `with` around a shared list: the second thread waits three seconds for the first, or the other way round.
# catalogue: E89
# raddle: switch=sync
# ending: finished
# outcomes: many
# outcome value-777: seed=0
# outcome value-1: seed=8
# python: none
import threading
import time

lock = threading.Lock()
shared = [1]


def change():
    with lock:
        print(f"{threading.current_thread().name} has the lock")
        shared[0] = 777
        print(f"{threading.current_thread().name} sleeps with it")
        time.sleep(3)
    print(f"{threading.current_thread().name} has released it")


def look():
    with lock:
        print(f"{threading.current_thread().name} has the lock")
        print(shared[0])
    print(f"{threading.current_thread().name} has released it")


threads = [threading.Thread(target=change, name="first"), threading.Thread(target=look, name="second")]
for t in threads:
    t.start()
for t in threads:
    t.join()
