# Arguments reach a target as a tuple, a list, keywords; a bare string is taken apart.
# ending: finished
# outcomes: one
from threading import Thread


def show(*args, **kwargs):
    print(args, kwargs)


class Adder:
    def __init__(self):
        self.total = 0

    def __call__(self, *numbers):
        self.total += sum(numbers)


adder = Adder()
for thread in (
    Thread(target=show, args=(1, 2)),
    Thread(target=show, args=["list"], kwargs={"sep": "-"}),
    Thread(target=show, args=("abc")),
    Thread(target=adder, args=range(5)),
    Thread(target=adder.__call__, args=(90,)),
    Thread(),
):
    thread.start()
    thread.join()
print(adder.total)
