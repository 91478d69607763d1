# A thread that sleeps between its lines is still at it when main has left.
# catalogue: E07
# raddle: switch=sync
# ending: finished
# outcomes: characters
# always: (?s)enter main\n.*leave main.*
# outcome main-second: seed=0
# outcome main-after-the-first-line: seed=327
# outcome torn: seed=22
import os
import threading
import time


def run():
    for _ in range(5):
        print("pid", os.getpid(), "thread", threading.current_thread().name)
        time.sleep(1)


print("enter main")
threading.Thread(target=run).start()
print("leave main")
