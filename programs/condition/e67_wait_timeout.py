# wait(1) gives up after a second in which nobody notified.
# catalogue: E67
# ending: finished
# outcomes: one
import threading
import time

cond = threading.Condition()


def wait():
    cond.acquire()
    cond.wait(1)
    print("timed out")
    cond.release()


waiter = threading.Thread(target=wait, name="waiter")
waiter.start()
time.sleep(3)
waiter.join()
