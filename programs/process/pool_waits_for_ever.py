# A task of a pool waits for an event that nobody sets: so main waits for its result, the other worker for a task, and the pool for results.
# ending: deadlock
# outcomes: one
import multiprocessing

never = multiprocessing.Event()


def work(n):
    never.wait()


if __name__ == "__main__":
    with multiprocessing.Pool(2) as pool:
        result = pool.map_async(work, [1])
        print(result.get())
