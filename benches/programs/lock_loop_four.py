# Four threads take and give back one lock.
import threading

lock = threading.Lock()


def work(times):
    for _ in range(times):
        lock.acquire()
        lock.release()


threads = [threading.Thread(target=work, args=(2_500,)) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
