# Two threads print in the same moments: each print is several writes, and the lines come out torn.
# catalogue: E08
# raddle: switch=sync
# ending: finished
# outcomes: characters
# outcome garbled: seed=0
# outcome whole-lines: seed=65
# outcome garbled-in-free-time: time=free seed=3
import os
import threading
import time


def run():
    for _ in range(5):
        print("pid", os.getpid(), "thread", threading.current_thread().name)
        time.sleep(1)


first = threading.Thread(target=run, name="left")
second = threading.Thread(target=run, name="right")
first.start()
second.start()
