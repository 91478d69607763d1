# A fork copies a thread's lock as it is: held by a thread that the child does not have, it is never released there.
# raddle: switch=sync
# ending: deadlock
# outcomes: one
import multiprocessing
import threading

lock = threading.Lock()
held = threading.Event()
forked = threading.Event()


def hold():
    with lock:
        held.set()
        forked.wait()


def use():
    with lock:
        print("in the child")


if __name__ == "__main__":
    holder = threading.Thread(target=hold)
    holder.start()
    held.wait()
    child = multiprocessing.Process(target=use)
    child.start()
    forked.set()
    holder.join()
    child.join()
