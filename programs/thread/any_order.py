# Three threads that do not wait for each other finish in any order: six outcomes.
# raddle: switch=sync seed=4
# ending: finished
# outcomes: characters
import threading

finished = []


def work(number):
    steps = sum(range(number * 10))
    finished.append((number, steps))


threads = [threading.Thread(target=work, args=(n,)) for n in range(3)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print([number for number, _ in finished])
