# A worker that ends abruptly breaks the pool: the future says so, and no more can be submitted.
# ending: finished
# outcomes: one
import os
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool


def leave():
    os._exit(3)


if __name__ == "__main__":
    pool = ProcessPoolExecutor(max_workers=1)
    future = pool.submit(leave)
    print(type(future.exception()).__name__)
    try:
        pool.submit(leave)
    except BrokenProcessPool as e:
        print(e)
