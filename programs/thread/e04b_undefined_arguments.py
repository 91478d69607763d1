# The same note with the comparison mended: now the arguments of the thread are names that nobody defined.
# catalogue: E04b
# ending: exception
# outcomes: one
import threading
import time


def wait(first, second):
	time.sleep(2)


if __name__ == "__main__":
	t = threading.Thread(target=wait, args=[first, second])
	t.start()
