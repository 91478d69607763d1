# A subclass of Thread that is only defined: nothing runs.
# catalogue: E15
# ending: finished
# outcomes: one
from threading import Thread


class Worker(Thread):
    def __init__(self):
        Thread.__init__(self)

    def run(self):
        print("never printed")
