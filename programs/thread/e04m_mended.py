# The same note with both faults mended: a thread that takes its arguments from a list and sleeps. It prints nothing.
# catalogue: E04m
# ending: finished
# outcomes: one
import threading
import time


def wait(first, second):
	time.sleep(2)


if __name__ == "__main__":
	t = threading.Thread(target=wait, args=["one", "two"])
	t.start()
