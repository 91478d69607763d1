# join waits until every item put was reported done; the daemon workers are then cut off.
# ending: finished
# outcomes: one
import queue
import threading

tasks = queue.Queue()
done = []


def work():
    while True:
        task = tasks.get()
        done.append(task**2)
        tasks.task_done()


for _ in range(2):
    threading.Thread(target=work, daemon=True).start()
for n in range(5):
    tasks.put(n)
tasks.join()
print(sorted(done))
try:
    tasks.task_done()
except ValueError as e:
    print(e)
