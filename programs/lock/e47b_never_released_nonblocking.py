# The same without waiting: each task is begun by one worker, and left alone by the four others.
# catalogue: E47b
# raddle: switch=sync
# ending: finished
# outcomes: many
# always: (?s)(.*begins task \d\n){10}begun \[0, 1, 2, 3, 4, 5, 6, 7, 8, 9\]\nleft \[4, 4, 4, 4, 4, 4, 4, 4, 4, 4\]\n
# outcome one-does-all: seed=12
# outcome several-share: seed=56
import threading
from threading import Thread, current_thread


class Task:
  def __init__(self, number):
    self.number = number
    self.lock = threading.Lock()


tasks = [Task(number) for number in range(10)]
begun = []
left = []


def work():
  for task in tasks:
    if task.lock.acquire(blocking=False):
      begun.append(task.number)
      print(f"{current_thread().name} begins task {task.number}\n", end="")
    else:
      left.append(task.number)


threads = [Thread(target=work) for _ in range(5)]
for t in threads:
  t.start()
for t in threads:
  t.join()
print("begun", sorted(begun))
print("left", [left.count(n) for n in range(10)])
