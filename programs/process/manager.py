# Objects of a manager: calls of their methods are steps of their own, so a read and a write do not make an update.
# raddle: switch=sync seed=0
# ending: finished
# outcomes: named
# outcome lost: seed=0 stdout="1 ['a', 'b'] 2\n"
# outcome both: strategy=sequential stdout="2 ['a', 'b'] 2\n"
import multiprocessing


def work(counts, names, lock, name, total):
    counts["n"] += 1
    names.append(name)
    with lock:
        total.value += 1


if __name__ == "__main__":
    manager = multiprocessing.Manager()
    counts, names = manager.dict(n=0), manager.list()
    lock, total = manager.Lock(), manager.Namespace(value=0)
    children = [
        multiprocessing.Process(target=work, args=(counts, names, lock, name, total)) for name in "ab"
    ]
    for child in children:
        child.start()
    for child in children:
        child.join()
    print(counts["n"], sorted(names), total.value)
