# Main is finished, but a thread waits for an event that nobody will set: the program never exits.
# ending: deadlock
# outcomes: one
import threading

ready = threading.Event()


def wait():
    ready.wait()
    print("never printed")


threading.Thread(target=wait, name="waiter").start()
threading.Thread(target=ready.wait, name="helper", daemon=True).start()
print("main is done")
