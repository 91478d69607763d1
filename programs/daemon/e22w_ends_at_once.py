# A daemon of two seconds does not keep the program: it ends at once.
# catalogue: E22w
# raddle: switch=sync
# ending: finished
# outcomes: one; free: named
# outcome alive: seed=0 stdout="daemon True alive False\ndaemon True alive True\n"
# outcome has-ended: time=free seed=12 stdout="daemon True alive False\ndaemon True alive False\n"
import threading
import time


def download(url, seconds):
    time.sleep(seconds)


t = threading.Thread(target=download, args=["http://host/file", 2], daemon=True)
print("daemon", t.daemon, "alive", t.is_alive())
t.start()
print("daemon", t.daemon, "alive", t.is_alive())
