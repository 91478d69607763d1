"""An in-memory tree of files, behind `open`. It begins empty, and all processes have it in common.

Which names there are is one thing, in parts by name, and what a file contains another: so threads that use different files do not get
in each other's way. Traces call both by the file's path.
"""

from _outside import _Outside
from _raddle import touch as _touch, touch_if_shared as _touch_if_shared

_HOME = "/home/user"


class _Directory(_Outside):
    """All files by their paths. A file that is no longer in it lives on for those who have it open."""

    def __init__(self):
        self.files = {}


class _File(_Outside):
    """What one file contains."""

    def __init__(self, name):
        self.name = name
        self.data = b""


_directory = _Directory()


def _path(path):
    """The path from the home directory, which is the working directory, to a file within it; of others the path from the root."""
    if isinstance(path, bytes):
        path = path.decode("utf-8")
    parts = []
    for part in (path if path.startswith("/") else _HOME + "/" + path).split("/"):
        if part == "..":
            if parts:
                parts.pop()
        elif part and part != ".":
            parts.append(part)
    path = "/" + "/".join(parts)
    return path[len(_HOME) + 1 :] if path.startswith(_HOME + "/") else path


def _missing(path):
    return FileNotFoundError(2, "No such file or directory", path)


def find(path):
    """The file of that path, or `None`."""
    path = _path(path)
    _touch(_directory, False, path, True)
    return _directory.files.get(path)


def names():
    """The paths of all files, in the order in which they were made."""
    _touch(_directory, False, _HOME)
    return list(_directory.files)


def remove(path):
    name = _path(path)
    _touch(_directory, True, name, True)
    if name not in _directory.files:
        raise _missing(path)
    del _directory.files[name]


def rename(src, dst):
    old, new = _path(src), _path(dst)
    _touch(_directory, True, old)
    if old not in _directory.files:
        raise FileNotFoundError(2, "No such file or directory", src, None, dst)
    _directory.files[new] = _directory.files.pop(old)


def size(path):
    file = find(path)
    if file is None:
        raise _missing(path)
    _touch(file, False, file.name)
    return len(file.data)


class TextFile:
    encoding = "utf-8"
    errors = "strict"
    newlines = None

    def __init__(self, file, name, mode, binary):
        self._file = file
        self.name = name
        self.mode = mode
        self.closed = False
        self._binary = binary
        self._at = 0
        self._reads = "r" in mode or "+" in mode
        self._writes = "r" not in mode or "+" in mode
        self._appends = "a" in mode

    def _check(self):
        if self.closed:
            raise ValueError("I/O operation on closed file.")

    def _step(self, write):
        """A look at the content or a change of it. Either moves the place at which threads that share the file object go on."""
        _touch(self._file, write, self._file.name, False, self)

    def _own_step(self):
        """What concerns this file object only."""
        _touch_if_shared(self, self._file, self._file.name)

    def _given(self, text):
        return text if self._binary else text.decode("utf-8")

    def write(self, data, /):
        self._check()
        if not self._writes:
            _unsupported("not writable")
        if self._binary:
            if isinstance(data, str):
                raise TypeError("a bytes-like object is required, not 'str'")
            raw = bytes(data)
        else:
            if not isinstance(data, str):
                raise TypeError(f"write() argument must be str, not {type(data).__name__}")
            raw = data.encode("utf-8")
        self._step(True)
        self._check()
        old = self._file.data
        at = len(old) if self._appends else self._at
        old += b"\0" * (at - len(old))
        self._file.data = old[:at] + raw + old[at + len(raw) :]
        self._at = at + len(raw)
        return len(data)

    def writelines(self, lines, /):
        for line in lines:
            self.write(line)

    def _raw(self):
        self._check()
        if not self._reads:
            _unsupported("not readable")
        self._step(False)
        self._check()
        return self._file.data

    def read(self, size=-1, /):
        raw = self._raw()
        if size is None or size < 0:
            found = raw[self._at :]
            self._at = len(raw)
            return self._given(found)
        if self._binary:
            found = raw[self._at : self._at + size]
        else:
            found = raw[self._at :].decode("utf-8")[:size].encode("utf-8")
        self._at += len(found)
        return self._given(found)

    def readline(self, size=-1, /):
        raw = self._raw()
        end = raw.find(b"\n", self._at)
        end = len(raw) if end < 0 else end + 1
        line = raw[self._at : end]
        self._at = end
        return self._given(line)

    def readlines(self, hint=-1, /):
        return list(self)

    def __iter__(self):
        self._check()
        return self

    def __next__(self):
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    def seek(self, pos, whence=0, /):
        self._check()
        if whence == 2:
            self._step(False)
        else:
            self._own_step()
        if whence == 1:
            pos += self._at
        elif whence == 2:
            pos += len(self._file.data)
        self._at = pos
        return pos

    def tell(self):
        self._check()
        self._own_step()
        return self._at

    def truncate(self, size=None, /):
        self._check()
        self._step(True)
        size = self._at if size is None else size
        self._file.data = self._file.data[:size] + b"\0" * (size - len(self._file.data))
        return size

    def flush(self):
        self._check()

    def close(self):
        self._own_step()
        self.closed = True

    def fileno(self):
        return 3

    def isatty(self):
        return False

    def readable(self):
        return self._reads

    def writable(self):
        return self._writes

    def seekable(self):
        return True

    def __enter__(self):
        self._check()
        return self

    def __exit__(self, *exc):
        self.close()

    def __reduce__(self):
        kind = ("BufferedReader" if self._reads else "BufferedWriter") if self._binary else "TextIOWrapper"
        raise TypeError(f"cannot pickle {kind!r} instances")

    def __repr__(self):
        if self._binary:
            kind = "BufferedReader" if self._reads else "BufferedWriter"
            return f"<_io.{kind} name={self.name!r}>"
        return f"<_io.TextIOWrapper name={self.name!r} mode={self.mode!r} encoding='UTF-8'>"


class UnsupportedOperation(OSError, ValueError):
    pass


UnsupportedOperation.__module__ = "io"


def _unsupported(what):
    raise UnsupportedOperation(what)


def open(file, mode="r", buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None):
    if not isinstance(file, (str, bytes)):
        method = getattr(type(file), "__fspath__", None)
        if method is None:
            raise TypeError(f"expected str, bytes or os.PathLike object, not {type(file).__name__}")
        file = method(file)
    letters = set(mode)
    if letters - set("axrwb+tU") or len(mode) > len(letters):
        raise ValueError("invalid mode: %r" % mode)
    if len(letters & set("rwxa")) != 1 or mode.count("+") > 1:
        raise ValueError("must have exactly one of create/read/write/append mode")
    if "t" in mode and "b" in mode:
        raise ValueError("can't have text and binary mode at once")
    creates = "r" not in mode
    path = _path(file)
    _touch(_directory, creates, path, True)
    there = _directory.files.get(path)
    if there is None:
        if not creates:
            raise _missing(file)
        there = _directory.files[path] = _File(path)
    elif "x" in mode:
        raise FileExistsError(17, "File exists", file)
    elif "w" in mode:
        _touch(there, True, path)
        there.data = b""
    return TextFile(there, file, mode, "b" in mode)
