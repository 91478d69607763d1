# The same loop in a daemon: it is cut off when main leaves. Its fourth line comes due in that same moment.
# catalogue: E25
# raddle: switch=sync
# ending: finished
# python: none
# outcomes: one; free: many
# always: (?s).*leave main.*
# outcome three-lines: seed=0 stdout="tick\ntick\ntick\nleave main\n"
# outcome four-lines: step-cost=0 seed=7 stdout="tick\ntick\ntick\ntick\nleave main\n"
# outcome torn: step-cost=0 seed=3 stdout="tick\ntick\ntick\ntickleave main\n\n"
# outcome none: time=free seed=2 stdout="leave main\n"
import threading
import time


def tick():
    while True:
        print("tick")
        time.sleep(1)


t = threading.Thread(target=tick, name="ticker", daemon=True)
t.start()
time.sleep(3)
print("leave main")
