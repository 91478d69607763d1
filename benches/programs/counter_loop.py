# Four threads count in a global variable without a lock: each round is a read step and a write step.
import threading

count = 0


def work(times):
    global count
    for _ in range(times):
        count += 1


threads = [threading.Thread(target=work, args=(2_500,)) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert 0 < count <= 10_000
