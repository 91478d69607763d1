# Two processes print under a lock of multiprocessing: their lines come in either order and never tear each other; main looks on.
# catalogue: E90
# ending: finished
# outcomes: many
# outcome early: seed=0
# outcome late: strategy=sequential
import multiprocessing
import os


def report(lock, word):
    with lock:
        print(f"{word} in a process", multiprocessing.current_process().name)


if __name__ == "__main__":
    lock = multiprocessing.Lock()
    print("processors:", os.cpu_count() >= 1)
    one = multiprocessing.Process(target=report, args=(lock, "one"))
    two = multiprocessing.Process(target=report, args=(lock, "two"))
    one.start()
    two.start()
    alive = one.is_alive(), two.is_alive()
    lock.acquire()
    print("alive:", *alive)
    lock.release()
    one.join()
    two.join()
    print("pids differ:", one.pid != two.pid and os.getpid() not in (one.pid, two.pid))
    print("alive:", one.is_alive(), two.is_alive())
