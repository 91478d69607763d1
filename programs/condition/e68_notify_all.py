# notify_all wakes three waiters, which go on one by one in any order; one that waits too late is not woken.
# catalogue: E68
# raddle: switch=sync
# ending: finished
# outcomes: named; free: many
# always: ([abc]\n){0,3}
# outcome abc: seed=0 stdout="a\nb\nc\n"
# outcome acb: seed=7 stdout="a\nc\nb\n"
# outcome bac: seed=1 stdout="b\na\nc\n"
# outcome bca: seed=5 stdout="b\nc\na\n"
# outcome cab: seed=9 stdout="c\na\nb\n"
# outcome cba: seed=3 stdout="c\nb\na\n"
# outcome one-late: time=free seed=3 ending=deadlock stdout="a\nb\n"
# outcome all-late: time=free seed=2 ending=deadlock stdout=""
import threading
import time

cond = threading.Condition()


def wait():
    with cond:
        cond.wait()
        print(threading.current_thread().name)


threads = [threading.Thread(target=wait, name=name) for name in "abc"]
for t in threads:
    t.start()
time.sleep(1)
with cond:
    cond.notify_all()
for t in threads:
    t.join()
