# print writes text, separator and line end one by one: lines of two threads may be torn.
# raddle: switch=sync seed=0
# ending: finished
# outcomes: many
# shows: seed=0
# hides: seed=30
import threading


def say(name):
    for n in range(2):
        print(name, n)


threads = [threading.Thread(target=say, args=(name,)) for name in ("left", "right")]
for t in threads:
    t.start()
for t in threads:
    t.join()
