# ("hello") is no tuple but a string: the thread gets its letters, one by one.
# catalogue: E09
# ending: finished
# outcomes: one
import threading


def show(*args):
    print("letters:", args)


t = threading.Thread(target=show, args=("hello"))
t.start()
