# Main joins a thread while it holds the lock that the thread needs.
# ending: deadlock
# outcomes: one
import threading

lock = threading.Lock()


def work():
    with lock:
        print("never printed")


worker = threading.Thread(target=work, name="worker")
with lock:
    worker.start()
    print("joining")
    worker.join()
print("never printed")
