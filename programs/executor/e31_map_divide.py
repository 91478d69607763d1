# map takes the arguments of each call from two lists; the results come in the order of the lists.
# catalogue: E31
# raddle: switch=sync
# ending: finished
# outcomes: one
import time
from concurrent.futures import ThreadPoolExecutor


def divide(a, b):
    time.sleep(a / 100)
    return a / b


with ThreadPoolExecutor(max_workers=2) as executor:
    quotients = executor.map(divide, [4, 3, 10], [2, 3, 2])
for quotient in quotients:
    print(quotient)
