# Forty lines with two threads, a lock and a condition: what a small test of a user costs.
import threading


class Box:
    def __init__(self):
        self.condition = threading.Condition()
        self.content = None

    def put(self, thing):
        with self.condition:
            while self.content is not None:
                self.condition.wait()
            self.content = thing
            self.condition.notify()

    def take(self):
        with self.condition:
            while self.content is None:
                self.condition.wait()
            thing, self.content = self.content, None
            self.condition.notify()
            return thing


def send(box, things):
    for thing in things:
        box.put(thing)


box = Box()
things = ["a", "b"]
sender = threading.Thread(target=send, args=(box, things))
sender.start()
taken = []
for _ in things:
    taken.append(box.take())
sender.join()
assert taken == things
assert not sender.is_alive()
