# Peterson's lock with bounded waiting: never two inside.
import threading
wants = [False, False]
turn = 0
inside = 0
def work(me):
    global turn, inside
    other = 1 - me
    wants[me] = True
    turn = other
    for _ in range(2):
        if not wants[other] or turn == me:
            break
    else:
        wants[me] = False
        return
    inside += 1
    assert inside == 1
    inside -= 1
    wants[me] = False
ts = [threading.Thread(target=work, args=(i,)) for i in range(2)]
for t in ts: t.start()
for t in ts: t.join()
print(inside)
