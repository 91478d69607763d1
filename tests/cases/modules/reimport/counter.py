print("executing counter")
n = 0


def bump():
    global n
    n += 1


def get():
    return n
