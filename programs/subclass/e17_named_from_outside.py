# A subclass without a constructor, named before it is started.
# catalogue: E17
# raddle: switch=sync
# ending: finished
# outcomes: one
import threading
import time


class Worker(threading.Thread):
    def run(self):
        for _ in range(5):
            print("thread", threading.current_thread().name)
            time.sleep(0.05)


t = Worker()
t.name = "given name"
t.start()
