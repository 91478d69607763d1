# What a `with` statement does: enter, body, and exit whatever happens.
# catalogue: E85
# ending: finished
# outcomes: one
from contextlib import contextmanager


@contextmanager
def resource(name):
    print("acquire", name)
    try:
        yield name
    finally:
        print("release", name)


with resource("first") as it:
    print("use", it)
try:
    with resource("second") as it:
        raise ValueError("trouble with " + it)
except ValueError as e:
    print(e)
