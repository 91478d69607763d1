# A thread that loops for ever, and is no daemon, keeps the program from exiting when main has left.
# catalogue: E24
# raddle: switch=sync max-steps=40
# ending: endless
# outcomes: one; free: many
# always: (?s).*leave main.*
# outcome three-lines-first: seed=0
# outcome four-lines-first: step-cost=0 seed=7
import threading
import time


def tick():
    while True:
        print("tick")
        time.sleep(1)


t = threading.Thread(target=tick, name="ticker", daemon=False)
t.start()
time.sleep(3)
print("leave main")
