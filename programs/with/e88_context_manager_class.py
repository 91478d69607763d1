# A class becomes a context manager by __enter__ and __exit__.
# catalogue: E88
# ending: finished
# outcomes: one
class Manager:
    def __init__(self):
        print("init")

    def __enter__(self):
        print("enter invoked")

    def __exit__(self, kind, value, traceback):
        print("exit invoked")


with Manager():
    print("hello world")
