# cancel before the interval prevents the call, after it changes nothing, and at the same moment it may do either.
# catalogue: E80
# raddle: step-cost=0
# ending: finished
# outcomes: named; free: many
# outcome prevented: seed=0 stdout="late rings\n"
# outcome too-late: seed=3 stdout="on time rings\nlate rings\n"
import threading
import time


def ring(name):
    print(f"{name} rings")


timers = {}
for name, interval in ("early", 4), ("on time", 2), ("late", 3):
    timers[name] = threading.Timer(interval, ring, [name])
    timers[name].start()
time.sleep(1)
timers["early"].cancel()
time.sleep(1)
timers["on time"].cancel()
time.sleep(2)
timers["late"].cancel()
