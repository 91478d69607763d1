# Five threads come to a barrier after random delays, each telling how many were there before it.
# catalogue: E81
# raddle: switch=sync
# ending: finished
# outcomes: many
# always: (\n*Currently [0-4]\n*){5}
# outcome apart: seed=0
# outcome at-once: seed=1
# python: none
import random
import threading
import time

barrier = threading.Barrier(5)


def arrive():
    time.sleep(random.randint(0, 7))
    print(f"\nCurrently {barrier.n_waiting}")
    barrier.wait()


threads = [0] * 5
for i in range(5):
    threads[i - 1] = threading.Thread(target=arrive)
for i in range(5):
    threads[i].start()
