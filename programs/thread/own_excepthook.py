# threading.excepthook decides what is said of a thread that dies.
# ending: thread-exception
# outcomes: one
import threading


def hook(args):
    print(f"{args.thread.name} died: {args.exc_type.__name__}: {args.exc_value}")


def fail(n):
    raise LookupError(f"number {n}")


threading.excepthook = hook
for n in range(2):
    t = threading.Thread(target=fail, args=(n,), name=f"worker-{n}")
    t.start()
    t.join()
print("main goes on")
