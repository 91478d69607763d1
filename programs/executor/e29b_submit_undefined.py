# The same note with the comparison mended: now the names it passes on are missing.
# catalogue: E29b
# ending: exception
# outcomes: one
import concurrent.futures

if __name__ == "__main__":
	with concurrent.futures.ThreadPoolExecutor(max_workers=3) as executor:
		executor.submit(work, *args, **kwargs)
