# At its end main waits for its other children, but ends daemons where they stand; a daemon may have no children of its own.
# ending: finished
# outcomes: one
import multiprocessing


def wait(event):
    event.wait()
    print("not reached")


def parent(queue):
    try:
        multiprocessing.Process(target=print).start()
    except AssertionError as e:
        queue.put(str(e))


def late(event):
    event.wait()
    print("waited for")


if __name__ == "__main__":
    never, soon = multiprocessing.Event(), multiprocessing.Event()
    queue = multiprocessing.Queue()
    multiprocessing.Process(target=wait, args=(never,), daemon=True).start()
    multiprocessing.Process(target=parent, args=(queue,), daemon=True).start()
    print(queue.get())
    child = multiprocessing.Process(target=late, args=(soon,))
    child.start()
    print(child.daemon, child.exitcode)
    soon.set()
