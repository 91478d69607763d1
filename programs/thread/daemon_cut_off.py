# A daemon is cut off when main is done: its finally block does not run.
# ending: finished
# outcomes: one; free: many
import threading
import time


def tick():
    n = 0
    try:
        while True:
            print("tick", n)
            n += 1
            time.sleep(0.1)
    finally:
        print("never printed")


ticker = threading.Thread(target=tick, daemon=True)
ticker.start()
time.sleep(0.25)
print("main is done, ticker alive:", ticker.is_alive())
