"""The operating system, as far as a closed world has one."""

from _raddle import refuse as _not_supported
from _raddle import module_value as _module_value
from _raddle import process_current as _process_current, process_parent as _process_parent, process_pid as _process_pid
from _raddle import process_exit as _process_exit, process_kill as _process_kill
from _raddle import thread_current as _thread_current
from _files import names as _names, remove, rename
import posixpath as path
from posixpath import exists as _path_exists

name = "posix"
sep = "/"
altsep = None
pathsep = ":"
linesep = "\n"
extsep = "."
curdir = "."
pardir = ".."
devnull = "/dev/null"
error = OSError
F_OK, R_OK, W_OK, X_OK = 0, 4, 2, 1
O_RDONLY, O_WRONLY, O_RDWR, O_CREAT = 0, 1, 2, 64

environ = {"HOME": "/home/user", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", "USER": "user"}


def getenv(key, default=None):
    return environ.get(key, default)


def putenv(name, value, /):
    environ[name] = value


def unsetenv(name, /):
    environ.pop(name, None)


def getpid():
    return _process_pid(_process_current())


def getppid():
    parent = _process_parent()
    return 999 if parent is None else _process_pid(parent)


def getuid():
    return 1000


def getgid():
    return 1000


def geteuid():
    return 1000


def getlogin():
    return "user"


def cpu_count():
    return 4


def process_cpu_count():
    return 4


def sched_getaffinity(pid, /):
    return {0, 1, 2, 3}


def getcwd():
    return "/home/user"


def getloadavg():
    return (0.0, 0.0, 0.0)


def urandom(size, /):
    import random

    return random.randbytes(size)


def fspath(path):
    if isinstance(path, (str, bytes)):
        return path
    method = getattr(type(path), "__fspath__", None)
    if method is None:
        raise TypeError("expected str, bytes or os.PathLike object, not " + type(path).__name__)
    return method(path)


def fsencode(filename):
    return filename if isinstance(filename, bytes) else filename.encode()


def fsdecode(filename):
    return filename.decode() if isinstance(filename, bytes) else filename


def strerror(code, /):
    return {1: "Operation not permitted", 2: "No such file or directory", 13: "Permission denied", 17: "File exists",
            22: "Invalid argument"}.get(code, f"Unknown error {code}")


class PathLike:
    pass


class terminal_size(tuple):
    columns = property(lambda self: self[0])
    lines = property(lambda self: self[1])


def get_terminal_size(fd=1, /):
    return terminal_size((80, 24))


def isatty(fd, /):
    return False


class uname_result(tuple):
    sysname = property(lambda self: self[0])
    nodename = property(lambda self: self[1])
    release = property(lambda self: self[2])
    version = property(lambda self: self[3])
    machine = property(lambda self: self[4])


def uname():
    return uname_result(("Linux", "raddle", "6.0", "1", "x86_64"))


class _Exit(BaseException):
    pass


def _refused(what):
    def refuse(*args, **kwargs):
        _not_supported(f"os.{what}() is not supported")

    refuse.__name__ = refuse.__qualname__ = what
    return refuse


def _missing(path):
    return FileNotFoundError(2, "No such file or directory", path)


def listdir(path="."):
    if path in (".", "/home/user"):
        return [name for name in _names() if "/" not in name]
    raise _missing(path)


def unlink(path):
    remove(path)


def stat(path):
    if not _path_exists(path):
        raise _missing(path)
    _not_supported("os.stat() is not supported")


replace = rename


def makedirs(name, mode=511, exist_ok=False):
    pass


def mkdir(path, mode=511):
    pass


def rmdir(path):
    raise _missing(path)


def access(path, mode):
    return _path_exists(path)


def walk(top, topdown=True, onerror=None, followlinks=False):
    return iter(())


abort = _refused("abort")
fork = _refused("fork")
kill = _refused("kill")
system = _refused("system")
popen = _refused("popen")
execv = _refused("execv")
pipe = _refused("pipe")
open = _refused("open")
chdir = _refused("chdir")


def _exit(status):
    """Ends the process at once: nothing of its own is run any more."""
    connections = _module_value("multiprocessing", "_open")
    _process_exit(status)
    for connection in list(connections or []):
        connection._release()
    _process_kill(_process_current(), 0)


def register_at_fork(**kwargs):
    pass
