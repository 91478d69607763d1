# A thread that waits when set is called returns, even if clear follows at once.
# ending: finished
# outcomes: one; free: many
import threading
import time

event = threading.Event()
log = []


def wait():
    log.append(event.wait())


t = threading.Thread(target=wait)
t.start()
time.sleep(0.05)
event.set()
event.clear()
t.join()
print(log, event.is_set())
