# Two threads take the same two locks in opposite order: each may hold one and wait for the other.
# raddle: switch=sync seed=0
# ending: deadlock
# outcomes: many
# outcome stuck: seed=0 stdout=""
# outcome both-pass: seed=2 ending=finished stdout="left-right\nright-left\n"
import threading

left, right = threading.Lock(), threading.Lock()


def work(first, second):
    with first:
        with second:
            print(threading.current_thread().name)


threads = [
    threading.Thread(target=work, args=(left, right), name="left-right"),
    threading.Thread(target=work, args=(right, left), name="right-left"),
]
for t in threads:
    t.start()
for t in threads:
    t.join()
