# A semaphore of two lets two of four threads in at any time, never three.
# ending: finished
# outcomes: one
import threading

room = threading.Semaphore(2)
guard = threading.Lock()
inside = 0
most = 0


def visit():
    global inside, most
    with room:
        with guard:
            inside += 1
            most = max(most, inside)
        with guard:
            inside -= 1


threads = [threading.Thread(target=visit) for _ in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print("inside:", inside, "never more than two:", most <= 2)
