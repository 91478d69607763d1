"""Paths, in the tree of files that the program itself has made."""

from _files import find as _find, size as _size
from _raddle import refuse as _not_supported

sep = "/"
curdir = "."
pardir = ".."
extsep = "."
altsep = None
pathsep = ":"
devnull = "/dev/null"


def _text(path):
    if isinstance(path, (str, bytes)):
        return path
    method = getattr(type(path), "__fspath__", None)
    if method is None:
        raise TypeError("expected str, bytes or os.PathLike object, not " + type(path).__name__)
    return method(path)


def join(a, /, *p):
    path = _text(a)
    for b in map(_text, p):
        if b.startswith("/") or not path:
            path = b
        elif path.endswith("/"):
            path += b
        else:
            path += "/" + b
    return path


def split(p, /):
    p = _text(p)
    i = p.rfind("/") + 1
    head, tail = p[:i], p[i:]
    if head and head != "/" * len(head):
        head = head.rstrip("/")
    return head, tail


def basename(p, /):
    return split(p)[1]


def dirname(p, /):
    return split(p)[0]


def splitext(p, /):
    p = _text(p)
    start = p.rfind("/") + 1
    dot = p.rfind(".")
    if dot > start and p[start:dot].strip("."):
        return p[:dot], p[dot:]
    return p, ""


def splitdrive(p, /):
    return "", _text(p)


def isabs(s, /):
    return _text(s).startswith("/")


def normpath(path):
    path = _text(path)
    if not path:
        return "."
    root = "/" if path.startswith("/") else ""
    parts = []
    for part in path.split("/"):
        if part in ("", "."):
            continue
        if part != ".." or (not root and not parts) or (parts and parts[-1] == ".."):
            parts.append(part)
        elif parts:
            parts.pop()
    return root + "/".join(parts) or "."


def abspath(path):
    path = _text(path)
    return normpath(path if isabs(path) else join("/home/user", path))


def realpath(filename, *, strict=False):
    return abspath(filename)


def relpath(path, start="/home/user"):
    a = [p for p in abspath(start).split("/") if p]
    b = [p for p in abspath(path).split("/") if p]
    same = 0
    while same < min(len(a), len(b)) and a[same] == b[same]:
        same += 1
    return "/".join([".."] * (len(a) - same) + b[same:]) or "."


def expanduser(path):
    path = _text(path)
    return "/home/user" + path[1:] if path == "~" or path.startswith("~/") else path


def expandvars(path):
    return path


def normcase(s):
    return _text(s)


def commonprefix(m):
    if not m:
        return ""
    low, high = min(m), max(m)
    for i in range(len(low)):
        if low[i] != high[i]:
            return low[:i]
    return low


def isdir(s):
    return abspath(s) in ("/", "/home", "/home/user")


def isfile(path):
    return _find(_text(path)) is not None


def exists(path):
    return isfile(path) or isdir(path)


lexists = exists

def islink(path):
    return False


def getsize(filename):
    return _size(_text(filename))


def getmtime(filename):
    if not exists(filename):
        raise FileNotFoundError(2, "No such file or directory", filename)
    _not_supported("os.path.getmtime() is not supported")
