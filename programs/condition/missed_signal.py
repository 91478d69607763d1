# A missed signal: notify wakes nobody when it comes before the wait, and is not kept.
# raddle: switch=sync seed=1
# ending: deadlock
# outcomes: named
# outcome missed: seed=1 stdout="signalled\n"
# outcome received: seed=0 ending=finished stdout="signalled\nwoken\n"
import threading

cond = threading.Condition()


def wait():
    with cond:
        cond.wait()
        print("woken")


def signal():
    with cond:
        cond.notify()
        print("signalled")


waiter = threading.Thread(target=wait, name="waiter")
signaller = threading.Thread(target=signal, name="signaller")
waiter.start()
signaller.start()
signaller.join()
waiter.join()
