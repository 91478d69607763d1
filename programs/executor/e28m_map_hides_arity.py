# The same note mended has a second fault: the function takes two arguments and map gives it one. Nobody looks at the results.
# catalogue: E28m
# raddle: switch=sync
# ending: finished
# outcomes: one
import concurrent.futures


def work(first, second):
	print("never printed", first, second)


if __name__ == "__main__":
	with concurrent.futures.ThreadPoolExecutor(max_workers=3) as executor:
		executor.map(work, range(3))
