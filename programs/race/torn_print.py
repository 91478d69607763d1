# print writes text, separator and line end one by one: lines of two threads may be torn.
# raddle: switch=sync seed=0
# ending: finished
# outcomes: characters
# outcome torn: seed=0 stdout="leftright 0\nleft  01\n\nright 1\n"
# outcome whole: seed=30 stdout="right 0\nright 1\nleft 0\nleft 1\n"
import threading


def say(name):
    for n in range(2):
        print(name, n)


threads = [threading.Thread(target=say, args=(name,)) for name in ("left", "right")]
for t in threads:
    t.start()
for t in threads:
    t.join()
