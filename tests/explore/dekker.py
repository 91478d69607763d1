# Dekker's lock with bounded tries: never two inside.
import threading
wants = [False, False]
turn = 0
inside = 0
done = [False, False]
def work(me):
    global turn, inside
    other = 1 - me
    wants[me] = True
    for _ in range(2):
        if not wants[other]:
            break
        if turn != me:
            wants[me] = False
            if turn != me:
                return
            wants[me] = True
    else:
        wants[me] = False
        return
    inside += 1
    assert inside == 1
    inside -= 1
    turn = other
    wants[me] = False
    done[me] = True
ts = [threading.Thread(target=work, args=(i,)) for i in range(2)]
for t in ts: t.start()
for t in ts: t.join()
print(*done)
