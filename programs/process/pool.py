# A pool of two workers: map keeps the order of its items, exceptions come back to whoever asks, callbacks run in the parent.
# ending: finished
# outcomes: one
import multiprocessing


def square(n):
    return n * n


def divide(a, b):
    return a / b


def add_base(n):
    return base + n


def set_base(n):
    global base
    base = n


if __name__ == "__main__":
    with multiprocessing.Pool(2) as pool:
        print(pool.map(square, range(6)), pool.starmap(divide, [(6, 2), (9, 3)]))
        print(list(pool.imap(square, [1, 2, 3])), sorted(pool.imap_unordered(square, [4, 5])))
        seen = []
        result = pool.apply_async(square, (7,), callback=seen.append)
        print(result.get(), result.successful(), seen)
        try:
            pool.apply(divide, (1, 0))
        except ZeroDivisionError as e:
            print(e, type(e.__cause__).__name__)
        try:
            pool.map(lambda n: n, [1])
        except Exception as e:
            print(type(e).__name__)
    pool = multiprocessing.Pool(2, initializer=set_base, initargs=(100,))
    print(pool.map(add_base, [1, 2, 3]))
    pool.close()
    pool.join()
    try:
        pool.apply(square, (1,))
    except ValueError as e:
        print(e)
