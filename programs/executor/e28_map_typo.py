# A note that does not compile, again for one equals sign.
# catalogue: E28
# ending: refused
# outcomes: one
import concurrent.futures


def work(first, second):
	print("never printed", first, second)


if __name__ = "__main__":
	with concurrent.futures.ThreadPoolExecutor(max_workers=3) as executor:
		executor.map(work, range(3))
