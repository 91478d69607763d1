"""An in-memory tree of files, behind `open`. It begins empty."""

from _raddle import touch as _touch


class files(dict):
    """The tree, by path. Traces call it by the name of its class."""


contents = files()


class TextFile:
    encoding = "utf-8"
    errors = "strict"
    newlines = None

    def __init__(self, name, mode, binary):
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
        _touch(contents, True)
        old = contents.get(self.name, b"")
        at = len(old) if self._appends else self._at
        old += b"\0" * (at - len(old))
        contents[self.name] = old[:at] + raw + old[at + len(raw) :]
        self._at = at + len(raw)
        return len(data)

    def writelines(self, lines, /):
        for line in lines:
            self.write(line)

    def _raw(self):
        self._check()
        if not self._reads:
            _unsupported("not readable")
        _touch(contents, False)
        return contents.get(self.name, b"")

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
        if whence == 1:
            pos += self._at
        elif whence == 2:
            pos += len(contents.get(self.name, b""))
        self._at = pos
        return pos

    def tell(self):
        self._check()
        return self._at

    def truncate(self, size=None, /):
        self._check()
        _touch(contents, True)
        contents[self.name] = contents.get(self.name, b"")[: self._at if size is None else size]
        return len(contents[self.name])

    def flush(self):
        self._check()

    def close(self):
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
    _touch(contents, creates)
    if not creates and file not in contents:
        raise FileNotFoundError(2, "No such file or directory", file)
    if "x" in mode and file in contents:
        raise FileExistsError(17, "File exists", file)
    if "w" in mode or (creates and file not in contents):
        contents[file] = b""
    return TextFile(file, mode, "b" in mode)
