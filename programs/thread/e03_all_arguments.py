# Every argument of the constructor at once: group, target, name, args, kwargs, daemon.
# catalogue: E03
# ending: finished
# outcomes: one
from threading import Thread, current_thread


def task(a, b, c, low=0, high=0):
    print("{0} got {1} {2} {3} {4} {5}".format(current_thread().getName(), a, b, c, high, low))


thread = Thread(
    group=None,
    target=task,
    name="demo",
    args=(1, 2, 3),
    kwargs={"high": 777, "low": 111},
    daemon=None,
)
thread.start()
thread.join()
