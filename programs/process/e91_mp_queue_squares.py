# A child puts squares into a queue; after its end all of them are there, in order.
# catalogue: E91
# ending: finished
# outcomes: one
import multiprocessing


def squares(numbers, queue):
    for n in numbers:
        queue.put(n * n)


if __name__ == "__main__":
    queue = multiprocessing.Queue()
    child = multiprocessing.Process(target=squares, args=([1, 2, 3, 4, 5], queue))
    child.start()
    child.join()
    while not queue.empty():
        print(queue.get())
