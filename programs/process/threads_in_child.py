# A child process has threads of its own; their variables are visible to each other and not to the parent's threads.
# ending: finished
# outcomes: one
import multiprocessing
import threading

total = 0
lock = threading.Lock()


def add(n):
    global total
    with lock:
        total += n


def count(queue):
    threads = [threading.Thread(target=add, args=(n,)) for n in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    queue.put((total, threading.active_count()))


if __name__ == "__main__":
    queue = multiprocessing.Queue()
    child = multiprocessing.Process(target=count, args=(queue,))
    child.start()
    add(10)
    print(queue.get(), total)
    child.join()
