# Arguments for the base constructor do not reach a run of one's own: they are dropped without a word.
# catalogue: E16
# ending: finished
# outcomes: one
from threading import Thread, current_thread


class Worker(Thread):
    def __init__(self):
        Thread.__init__(self, name="worker", args=(1, 2))

    def run(self):
        print("{0} runs".format(current_thread().getName()))


worker = Worker()
worker.start()
worker.join()
print("{0} leaves".format(current_thread().getName()))
