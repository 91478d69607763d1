# is_alive before and after join: join returns when the thread has ended.
# catalogue: E13
# raddle: switch=sync
# ending: finished
# outcomes: characters
# outcome alive-first: seed=0
# outcome line-first: seed=20
# outcome torn: seed=1
import threading
import time


def run():
    for _ in range(5):
        print("thread", threading.current_thread().name)
        time.sleep(1)


print("enter main")
t = threading.Thread(target=run)
t.start()
print(f"{t.name} alive: {t.is_alive()}")
t.join()
print(f"{t.name} alive: {t.is_alive()}")
print("leave main")
