# A semaphore keeps the release that comes before the acquire: nothing is missed.
# catalogue: E71
# ending: finished
# outcomes: one
import threading
import time

semaphore = threading.Semaphore(0)


def wait():
    semaphore.acquire()


def signal():
    semaphore.release()


signaller = threading.Thread(target=signal, name="signaller")
signaller.start()
time.sleep(3)
waiter = threading.Thread(target=wait, name="waiter")
waiter.start()
signaller.join()
waiter.join()
