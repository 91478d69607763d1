# Workers take the lock of each task and never give it back: one does all ten, the others wait for the first for ever.
# catalogue: E47
# raddle: switch=sync
# ending: deadlock
# outcomes: characters
# outcome main-second: seed=9
# outcome torn: seed=0
import threading
from threading import Thread, current_thread


class Task:
  def __init__(self, number):
    self.number = number
    self.lock = threading.Lock()


tasks = [Task(number) for number in range(10)]
print(tasks)


def work():
  for task in tasks:
    if task.lock.acquire(blocking=True):
      print(f"{current_thread} begins task {task.number}")
    else:
      print(f"{current_thread} leaves task {task.number} to another")


for _ in range(5):
  Thread(target=work).start()
print("main is done")
