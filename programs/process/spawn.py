# A spawned process runs the program's top level anew, as __mp_main__, and gets nothing of what its parent has changed since.
# ending: finished
# outcomes: one
import multiprocessing

setting = "as loaded"
print("top level of", __name__)


class Task:
    def __init__(self, n):
        self.n = n

    def run(self, queue):
        queue.put((self.n, setting, multiprocessing.current_process().name))


if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    setting = "changed"
    queue = multiprocessing.Queue()
    child = multiprocessing.Process(target=Task(7).run, args=(queue,))
    child.start()
    print(queue.get())
    child.join()
    try:
        multiprocessing.Process(target=lambda: None).start()
    except Exception as e:
        print(type(e).__name__)
