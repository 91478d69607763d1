# The same note with all names defined: positional and keyword arguments reach the task.
# catalogue: E29m
# raddle: switch=sync
# ending: finished
# outcomes: one
import concurrent.futures


def work(first, second, sign="+"):
	print(f"{first}{sign}{second}")


args = (1, 2)
kwargs = {"sign": "-"}
if __name__ == "__main__":
	with concurrent.futures.ThreadPoolExecutor(max_workers=3) as executor:
		executor.submit(work, *args, **kwargs)
