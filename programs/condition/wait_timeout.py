# A wait with a timeout returns False when nobody notifies in time, and holds the lock again.
# ending: finished
# outcomes: one; free: many
import threading
import time

lock = threading.Lock()
cond = threading.Condition(lock)


def late():
    time.sleep(0.3)
    with cond:
        cond.notify_all()


threading.Thread(target=late).start()
with cond:
    print("after 0.1:", cond.wait(0.1), lock.locked())
    print("wait_for 0.05:", cond.wait_for(lambda: None, timeout=0.05))
    print("after 5:", cond.wait(5), lock.locked())
print("at the end:", lock.locked())
