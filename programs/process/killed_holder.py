# terminate ends a process where it stands: a lock of multiprocessing that it holds is never given back.
# ending: finished
# outcomes: one
import multiprocessing


def hold(lock, ready):
    with lock:
        ready.set()
        multiprocessing.Event().wait()


if __name__ == "__main__":
    lock, ready = multiprocessing.Lock(), multiprocessing.Event()
    child = multiprocessing.Process(target=hold, args=(lock, ready))
    child.start()
    ready.wait()
    child.terminate()
    child.join()
    print(child.exitcode, lock.acquire(timeout=0.01))
