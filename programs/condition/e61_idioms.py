# The two idioms: wait inside a loop under the lock; set the predicate, notify, release. No schedule breaks them.
# catalogue: E61
# raddle: spurious=2 seed=9
# ending: finished
# outcomes: one
import threading

cond = threading.Condition()
predicate = False


def wait():
    cond.acquire()
    while not predicate:
        cond.wait()
    print("the predicate holds")
    cond.release()


def signal():
    global predicate
    cond.acquire()
    predicate = True
    cond.notify()
    cond.release()


waiter = threading.Thread(target=wait, name="waiter")
signaller = threading.Thread(target=signal, name="signaller")
waiter.start()
signaller.start()
waiter.join()
signaller.join()
