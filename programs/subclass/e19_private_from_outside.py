# A method with two underscores has another name outside of its class: the access fails before any thread is started.
# catalogue: E19
# ending: exception
# outcomes: one
import threading


class Worker(threading.Thread):
    def run(self):
        self.__work()

    def __work(self):
        print("work")


t = Worker()
t.run = t.__work
t.start()
