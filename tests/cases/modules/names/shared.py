state = []


def read():
    return state
