# An exception that leaves a child is written to stderr and makes its exit code 1; the parent goes on.
# ending: thread-exception
# outcomes: one
import multiprocessing
import sys


def fail():
    raise ValueError("no such thing")


def leave():
    sys.exit(3)


if __name__ == "__main__":
    for target in (fail, leave):
        child = multiprocessing.Process(target=target)
        child.start()
        child.join()
        print(target.__name__, child.exitcode)
