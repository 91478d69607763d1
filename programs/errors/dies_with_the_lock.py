# A thread dies between acquire and release: whoever needs the lock waits for ever.
# ending: deadlock
# outcomes: one; free: many
import threading
import time

lock = threading.Lock()


def careless(divisor):
    lock.acquire()
    print(10 // divisor)
    lock.release()


for divisor in (5, 0, 2):
    threading.Thread(target=careless, args=(divisor,), name=f"by-{divisor}").start()
    time.sleep(0.05)
