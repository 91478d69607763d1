# Two threads sum what they are given; which one prints first is open, and the lines may tear.
# catalogue: E11
# raddle: switch=sync
# ending: finished
# outcomes: named
# outcome large-first: seed=2 stdout="15\n6\n"
# outcome small-first: seed=11 stdout="6\n15\n"
# outcome torn: seed=0 stdout="156\n\n"
# outcome torn-small-first: seed=1 stdout="615\n\n"
import threading


def total(*args):
    print(sum(args))


threading.Thread(target=total, args=(1, 2, 3, 4, 5)).start()
threading.Thread(target=total, args=(1, 2, 3)).start()
