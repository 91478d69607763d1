# Each access of a shared value is under its lock, but += is two of them: an update can be lost. With get_lock() around it none is.
# raddle: switch=sync seed=0
# ending: finished
# outcomes: named
# outcome lost: seed=0 stdout="1 2\n"
# outcome both: strategy=sequential stdout="2 2\n"
import multiprocessing


def add(plain, locked):
    plain.value += 1
    with locked.get_lock():
        locked.value += 1


if __name__ == "__main__":
    plain = multiprocessing.Value("i", 0)
    locked = multiprocessing.Value("i", 0)
    children = [multiprocessing.Process(target=add, args=(plain, locked)) for _ in range(2)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    print(plain.value, locked.value)
