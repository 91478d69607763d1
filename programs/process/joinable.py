# A JoinableQueue: join waits until every task put was reported done, whichever process did it.
# ending: finished
# outcomes: one
import multiprocessing


def work(tasks, results):
    while True:
        n = tasks.get()
        results.put(n * n)
        tasks.task_done()


if __name__ == "__main__":
    tasks, results = multiprocessing.JoinableQueue(), multiprocessing.Queue()
    for _ in range(2):
        multiprocessing.Process(target=work, args=(tasks, results), daemon=True).start()
    for n in range(5):
        tasks.put(n)
    tasks.join()
    print(sorted(results.get() for _ in range(5)))
    try:
        tasks.task_done()
    except ValueError as e:
        print(e)
