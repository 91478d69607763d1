# The action runs once per round, before anybody is let through.
# ending: finished
# outcomes: one
import threading

rounds = []
through = []


def action():
    rounds.append(len(through))


barrier = threading.Barrier(2, action=action)


def work():
    for _ in range(3):
        barrier.wait()
        through.append(1)
        barrier.wait()


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(rounds, sum(through))
