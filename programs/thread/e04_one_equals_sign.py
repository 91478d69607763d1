# A note that does not compile: a comparison with one equals sign. Nothing of it runs.
# catalogue: E04
# ending: refused
# outcomes: one
import threading
import time

print("never printed")


def wait(first, second):
	time.sleep(2)


if __name__ = "__main__":
	t = threading.Thread(target=wait, args=[first, second])
	t.start()
