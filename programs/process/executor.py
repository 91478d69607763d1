# ProcessPoolExecutor: futures of tasks that run in other processes; what they raise comes back with their traceback as its cause.
# ending: finished
# outcomes: one
from concurrent.futures import ProcessPoolExecutor, as_completed


def square(n):
    return n * n


def fail(n):
    raise ValueError(f"cannot do {n}")


if __name__ == "__main__":
    with ProcessPoolExecutor(max_workers=2) as pool:
        print(list(pool.map(square, range(5), chunksize=2)))
        futures = [pool.submit(square, n) for n in range(4)]
        print(sorted(f.result() for f in as_completed(futures)))
        failed = pool.submit(fail, 3)
        try:
            failed.result()
        except ValueError as e:
            print(e, "/", type(e.__cause__).__name__)
        print(type(pool.submit(lambda: 1).exception()).__name__)
    try:
        pool.submit(square, 1)
    except RuntimeError as e:
        print(e)
