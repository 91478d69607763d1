# The action of a barrier is called by the last one to arrive, before the others are let go.
# catalogue: E82
# raddle: switch=sync
# ending: finished
# outcomes: many
# always: (\n*Thread-\d \(arrive\) sees \d\n*){5}action by Thread-\d \(arrive\)\n
# python: none
import random
import threading
import time


def act():
    print("action by", threading.current_thread().name)


barrier = threading.Barrier(5, action=act)


def arrive():
    time.sleep(random.randint(0, 7))
    print(f"\n{threading.current_thread().name} sees {barrier.n_waiting}")
    barrier.wait()


threads = [0] * 5
for i in range(5):
    threads[i - 1] = threading.Thread(target=arrive)
for i in range(5):
    threads[i].start()
