# From the return of wait to the release, the woken thread holds the lock: nobody else gets in between.
# catalogue: E60
# ending: finished
# outcomes: one
import threading

cond = threading.Condition()
ready = False
steps = []


def wait():
    with cond:
        while not ready:
            cond.wait()
        steps.append("woken")
        steps.append("still inside")


def others():
    global ready
    with cond:
        ready = True
        cond.notify()
        steps.append("notified")
    with cond:
        steps.append("again")


threads = [threading.Thread(target=wait, name="waiter"), threading.Thread(target=others, name="others")]
for t in threads:
    t.start()
for t in threads:
    t.join()
woken = steps.index("woken")
print("notified first:", steps.index("notified") < woken)
print("next step:", steps[woken + 1])
