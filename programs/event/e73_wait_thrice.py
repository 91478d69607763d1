# Once set, an event lets every wait through at once.
# catalogue: E73
# ending: finished
# outcomes: one
import threading
import time

event = threading.Event()


def work():
    event.wait()
    event.wait()
    event.wait()
    print("through after one set")


worker = threading.Thread(target=work, name="worker")
worker.start()
time.sleep(1)
event.set()
worker.join()
