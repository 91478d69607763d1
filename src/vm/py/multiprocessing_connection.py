"""The ends of pipes."""

from multiprocessing import Connection, Pipe


def wait(object_list, timeout=None):
    raise NotImplementedError("raddle: multiprocessing.connection.wait() is not supported; use poll()")


def Client(*args, **kwargs):
    raise NotImplementedError("raddle: multiprocessing.connection.Client() is not supported: there is no network")


def Listener(*args, **kwargs):
    raise NotImplementedError("raddle: multiprocessing.connection.Listener() is not supported: there is no network")
