# Two locks as signals: each is released by the other thread, for a lock has no owner.
# ending: finished
# outcomes: one
import threading

ping, pong = threading.Lock(), threading.Lock()
pong.acquire()


def play(name, mine, other, rounds):
    for n in range(rounds):
        mine.acquire()
        print(name, n)
        other.release()


players = [
    threading.Thread(target=play, args=("ping", ping, pong, 3)),
    threading.Thread(target=play, args=("  pong", pong, ping, 3)),
]
for p in players:
    p.start()
for p in players:
    p.join()
print("ping free:", not ping.locked(), "pong free:", not pong.locked())
