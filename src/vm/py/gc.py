"""The collector as programs ask for it. Here nothing observable hangs on when memory is freed: there is nothing for it to find."""

__all__ = ["collect", "disable", "enable", "freeze", "get_count", "get_freeze_count", "get_threshold", "isenabled",
           "set_threshold", "unfreeze"]

_state = [True, (2000, 10, 10)]


def enable():
    _state[0] = True


def disable():
    _state[0] = False


def isenabled():
    return _state[0]


def collect(generation=2):
    if not 0 <= generation <= 2:
        raise ValueError("invalid generation")
    return 0


def get_count():
    return (0, 0, 0)


def get_threshold():
    return _state[1]


def set_threshold(threshold0, threshold1=None, threshold2=None, /):
    given = (threshold0, threshold1, threshold2)
    _state[1] = tuple([old if new is None else new for new, old in zip(given, _state[1])])


def freeze():
    pass


def unfreeze():
    pass


def get_freeze_count():
    return 0
