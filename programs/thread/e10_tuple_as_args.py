# Arguments in a tuple: the thread gets each of them.
# catalogue: E10
# ending: finished
# outcomes: one
import threading


def show(*args):
    print("numbers:", args)


t = threading.Thread(target=show, args=(1, 2, 3, 4, 5))
t.start()
