# A note on submit that does not compile: one equals sign.
# catalogue: E29
# ending: refused
# outcomes: one
import concurrent.futures

if __name__ = "__main__":
	with concurrent.futures.ThreadPoolExecutor(max_workers=3) as executor:
		executor.submit(work, *args, **kwargs)
