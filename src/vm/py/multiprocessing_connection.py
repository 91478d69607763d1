"""The ends of pipes."""

from _raddle import refuse as _not_supported
from multiprocessing import Connection, Pipe


def wait(object_list, timeout=None):
    _not_supported("multiprocessing.connection.wait() is not supported; use poll()")


def Client(*args, **kwargs):
    _not_supported("multiprocessing.connection.Client() is not supported: there is no network")


def Listener(*args, **kwargs):
    _not_supported("multiprocessing.connection.Listener() is not supported: there is no network")
