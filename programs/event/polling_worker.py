# A worker polls an event and goes on working; how often it looks depends on the schedule.
# raddle: switch=sync time=free seed=3
# ending: finished
# outcomes: lines; free: many
import threading
import time

stop = threading.Event()
rounds = 0


def work():
    global rounds
    while not stop.is_set() and rounds < 50:
        rounds += 1
        time.sleep(0.01)


t = threading.Thread(target=work)
t.start()
time.sleep(0.05)
stop.set()
t.join()
print("rounds:", rounds)
