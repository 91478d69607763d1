# A condition without a predicate: notify comes first, is not kept, and the waiter waits for ever.
# catalogue: E70
# ending: deadlock
# outcomes: one; free: named
# outcome hangs: seed=0 stdout=""
# outcome ends: time=free seed=0 ending=finished stdout=""
import threading
import time

cond = threading.Condition()


def wait():
    cond.acquire()
    cond.wait()
    cond.release()


def signal():
    cond.acquire()
    cond.notify()
    cond.release()


signaller = threading.Thread(target=signal, name="signaller")
signaller.start()
time.sleep(3)
waiter = threading.Thread(target=wait, name="waiter")
waiter.start()
signaller.join()
waiter.join()
