# Two processes take two locks in opposite orders: they can block each other as threads do.
# raddle: switch=sync seed=0
# ending: deadlock
# outcomes: named
# outcome stuck: seed=0 stdout=""
# outcome lucky: strategy=sequential ending=finished stdout="done\ndone\n"
import multiprocessing


def move(first, second):
    with first:
        with second:
            print("done\n", end="")


if __name__ == "__main__":
    a, b = multiprocessing.Lock(), multiprocessing.Lock()
    children = [
        multiprocessing.Process(target=move, args=(a, b), name="there"),
        multiprocessing.Process(target=move, args=(b, a), name="back"),
    ]
    for child in children:
        child.start()
    for child in children:
        child.join()
