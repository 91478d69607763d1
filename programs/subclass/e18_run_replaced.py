# run set on the instance: start calls that one, not the class's.
# catalogue: E18
# ending: finished
# outcomes: one
import threading


class Worker(threading.Thread):
    def run(self):
        print("run of", self.name)

    def other(self):
        print("other of", self.name)


t = Worker(name="worker")
t.run = t.other
t.start()
