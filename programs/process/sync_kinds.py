# Condition, barrier, semaphore and event of multiprocessing work between processes as those of threading do between threads.
# ending: finished
# outcomes: one
import multiprocessing


def consume(condition, ready, queue):
    with condition:
        condition.wait_for(ready.is_set)
        queue.put("consumed")


def meet(barrier, semaphore, queue):
    index = barrier.wait()
    with semaphore:
        queue.put(index)


if __name__ == "__main__":
    queue = multiprocessing.Queue()
    condition, ready = multiprocessing.Condition(), multiprocessing.Event()
    child = multiprocessing.Process(target=consume, args=(condition, ready, queue))
    child.start()
    with condition:
        ready.set()
        condition.notify()
    print(queue.get())
    child.join()

    barrier, semaphore = multiprocessing.Barrier(3), multiprocessing.BoundedSemaphore(1)
    children = [multiprocessing.Process(target=meet, args=(barrier, semaphore, queue)) for _ in range(3)]
    for child in children:
        child.start()
    print(sorted(queue.get() for _ in children))
    for child in children:
        child.join()
    for release in (semaphore.release, multiprocessing.Lock().release, multiprocessing.RLock().release):
        try:
            release()
        except (ValueError, AssertionError) as e:
            print(type(e).__name__, e)
    for call in (condition.wait, condition.notify):
        try:
            call()
        except AssertionError as e:
            print(e)
