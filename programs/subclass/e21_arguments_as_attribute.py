# Arguments through an attribute that is set from outside: it works, since this run reads it. Thread itself knows none.
# catalogue: E21
# ending: finished
# outcomes: one
import threading


class Adder(threading.Thread):
    def run(self):
        print(sum(self.args))


print(hasattr(threading.Thread(), "args"))
t = Adder()
t.args = [1, 2, 3, 4, 5]
t.start()
