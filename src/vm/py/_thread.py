"""The low-level half of threading, as far as programs use it."""

from _raddle import refuse as _not_supported
from _raddle import lock as LockType
from _raddle import RLock

import threading as _threading

error = RuntimeError
TIMEOUT_MAX = 9223372036.0
allocate_lock = LockType
allocate = LockType
lock = LockType


def get_ident():
    return _threading.get_ident()


def get_native_id():
    return _threading.get_native_id()


def start_new_thread(function, args, kwargs={}, /):
    if not callable(function):
        raise TypeError("first arg must be callable")
    if not isinstance(args, tuple):
        raise TypeError("2nd arg must be a tuple")
    thread = _threading.Thread(target=function, args=args, kwargs=kwargs, daemon=True)
    thread.start()
    return thread.ident


start_new = start_new_thread


def exit():
    raise SystemExit


exit_thread = exit


def interrupt_main(signum=2, /):
    _not_supported("_thread.interrupt_main() is not supported")


def stack_size(size=0, /):
    return _threading.stack_size(size)


def _count():
    return _threading.active_count() - 1
