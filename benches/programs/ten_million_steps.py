# Two threads and a lock: ten million steps.
import threading

lock = threading.Lock()


def work(times):
    for _ in range(times):
        lock.acquire()
        lock.release()


threads = [threading.Thread(target=work, args=(2_500_000,)) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("done")
