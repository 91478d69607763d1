# Main raises; its threads still run to their end, and the exit status is 1.
# ending: exception
# outcomes: one; free: characters
import threading
import time


def work():
    time.sleep(0.1)
    print("the thread ends well")


threading.Thread(target=work).start()
print("main fails")
prices = {"tea": 2}
try:
    prices["coffee"]
except KeyError as e:
    raise ValueError("no such drink") from e
