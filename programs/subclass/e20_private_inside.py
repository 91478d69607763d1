# The same method called within the class: three lines.
# catalogue: E20
# raddle: switch=sync
# ending: finished
# outcomes: one
import threading


class Worker(threading.Thread):
    def run(self):
        self.__work()

    def __work(self):
        for _ in range(3):
            print("private work of", self.name)


t = Worker(name="worker")
t.start()
t.join()
