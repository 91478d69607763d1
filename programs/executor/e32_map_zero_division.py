# The second task divides by zero: map returns all the same, and the exception shows when the iteration comes to it.
# catalogue: E32
# raddle: switch=sync
# ending: exception
# outcomes: one
import time
from concurrent.futures import ThreadPoolExecutor


def divide(a, b):
    time.sleep(a / 100)
    return a / b


with ThreadPoolExecutor(max_workers=2) as executor:
    quotients = executor.map(divide, [4, 3, 10], [2, 0, 2])
    print("map has returned")
    for quotient in quotients:
        print(quotient)
