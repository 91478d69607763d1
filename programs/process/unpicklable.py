# What crosses to another process must be picklable: functions and classes by name, instances by their state; locks and the like are not.
# ending: finished
# outcomes: one
import multiprocessing
import threading


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __getstate__(self):
        return {"x": self.x, "y": self.y, "sent": True}


def local():
    def inner():
        pass

    return inner


if __name__ == "__main__":
    here, there = multiprocessing.Pipe()
    for value in (threading.Lock(), (n for n in "ab"), local(), lambda: 1, multiprocessing.Lock(), threading):
        try:
            here.send(value)
        except Exception as e:
            print(type(e).__name__)
    shared = [1, 2]
    here.send((Point(1, 2), {"list": shared, "again": shared}, print, Point, ValueError("no", 3)))
    point, both, function, cls, error = there.recv()
    print(point.x, point.sent, both["list"] is both["again"], both["list"] is shared)
    print(function is print, cls is Point, repr(error))
    here.close()
    try:
        here.send(1)
    except OSError as e:
        print(e)
    try:
        there.recv()
    except EOFError:
        print("end")
