# A lost update: both threads read the counter before either has written it back.
# raddle: seed=0
# ending: finished
# outcomes: named
# outcome lost: seed=0 stdout="1\n"
# outcome kept: seed=9 stdout="2\n"
import threading

counter = 0


def add():
    global counter
    counter += 1


threads = [threading.Thread(target=add) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(counter)
