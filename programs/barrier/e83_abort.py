# A barrier for six and only five come; main aborts it, and all five die, those that come later as well.
# catalogue: E83
# raddle: switch=sync
# ending: thread-exception
# outcomes: many
# always: [\nCurently 0-4maibos]*Exception in thread(?s:.*BrokenBarrierError\n){5}
# python: none
import random
import threading
import time

barrier = threading.Barrier(6)


def arrive():
    time.sleep(random.randint(0, 7))
    print(f"\nCurrently {barrier.n_waiting}")
    barrier.wait()
    print("never reached")


threads = [0] * 5
for i in range(5):
    threads[i - 1] = threading.Thread(target=arrive)
for i in range(5):
    threads[i].start()
time.sleep(3)
print("main aborts")
barrier.abort()
