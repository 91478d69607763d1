# A daemon and main print ten times each, a second apart: the eleventh line of the daemon may still come.
# catalogue: E26
# raddle: switch=sync
# ending: finished
# outcomes: many
# outcome ten-lines: seed=2
# outcome torn: seed=87
# outcome eleven-lines: step-cost=0 seed=5
import threading
import time


def beat(name):
    while True:
        print(name, "beat", sep="\t")
        time.sleep(1)


t = threading.Thread(target=beat, args=["daemon"], daemon=True)
t.start()
for n in range(10):
    print("main", n)
    time.sleep(1)
