# Main ends at once; the program goes on until its last non-daemon thread has ended.
# ending: finished
# outcomes: one; free: many
import threading
import time

order = []


def slow(name, seconds):
    time.sleep(seconds)
    order.append(name)
    if len(order) == 3:
        print("last:", name, order)


for name, seconds in (("third", 0.3), ("first", 0.1), ("second", 0.2)):
    threading.Thread(target=slow, args=(name, seconds)).start()
print("main leaves")
