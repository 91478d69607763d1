# A subclass overrides run; an instance may rebind it; constructor arguments do not reach it.
# ending: finished
# outcomes: one
import threading


class Squares(threading.Thread):
    def __init__(self, upto, **kwargs):
        super().__init__(**kwargs)
        self.upto = upto
        self.found = []

    def run(self):
        self.found = [n * n for n in range(self.upto)]

    def backwards(self):
        Squares.run(self)
        self.found.reverse()


plain = Squares(5, name="squares")
rebound = Squares(5, args=(1, 2, 3))
rebound.run = rebound.backwards
for t in (plain, rebound):
    t.start()
for t in (plain, rebound):
    t.join()
    print(t.name, t.found)
