# A function without parameters is mapped over three items: each task dies of TypeError, and nobody is told.
# catalogue: E30
# raddle: switch=sync
# ending: finished
# outcomes: one
from concurrent.futures import ThreadPoolExecutor


def work():
    print("never printed")


with ThreadPoolExecutor(max_workers=3) as executor:
    executor.map(work, range(3))
