# Three philosophers, three forks: when each has taken the left one, nobody eats again.
# raddle: switch=sync seed=2
# ending: deadlock
# outcomes: named
# outcome stuck: seed=2 stdout=""
# outcome all-eat: seed=0 ending=finished stdout="meals: 3\n"
import threading

forks = [threading.Lock() for _ in range(3)]
meals = 0


def dine(seat):
    global meals
    left, right = forks[seat], forks[(seat + 1) % len(forks)]
    with left:
        with right:
            meals += 1


guests = [threading.Thread(target=dine, args=(seat,), name=f"seat-{seat}") for seat in range(3)]
for g in guests:
    g.start()
for g in guests:
    g.join()
print("meals:", meals)
