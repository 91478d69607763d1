"""Streams in memory."""

SEEK_SET = 0
SEEK_CUR = 1
SEEK_END = 2
DEFAULT_BUFFER_SIZE = 8192


from _files import TextFile as _TextFile, UnsupportedOperation, open

class IOBase:
    closed = False

    def _check(self):
        if self.closed:
            raise ValueError("I/O operation on closed file")

    def close(self):
        self.closed = True

    def __enter__(self):
        self._check()
        return self

    def __exit__(self, *exc):
        self.close()

    def __iter__(self):
        self._check()
        return self

    def __next__(self):
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    def readlines(self, hint=-1):
        return list(self)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def flush(self):
        self._check()

    def isatty(self):
        return False

    def readable(self):
        return True

    def writable(self):
        return True

    def seekable(self):
        return True

    def fileno(self):
        raise UnsupportedOperation("fileno")


class RawIOBase(IOBase):
    pass


class BufferedIOBase(IOBase):
    pass


class TextIOBase(IOBase):
    encoding = None
    errors = None
    newlines = None


class _Memory:
    """Content and position; texts and bytes alike."""

    def getvalue(self):
        self._check()
        return self._content

    def read(self, size=-1, /):
        self._check()
        end = len(self._content) if size is None or size < 0 else self._at + size
        found = self._content[self._at : end]
        self._at += len(found)
        return found

    def readline(self, size=-1, /):
        self._check()
        end = self._content.find(self._newline, self._at)
        end = len(self._content) if end < 0 else end + 1
        if size is not None and size >= 0:
            end = min(end, self._at + size)
        line = self._content[self._at : end]
        self._at += len(line)
        return line

    def tell(self):
        self._check()
        return self._at

    def seek(self, pos, whence=0, /):
        self._check()
        if whence == 1:
            pos += self._at
        elif whence == 2:
            pos += len(self._content)
        if pos < 0:
            raise ValueError(f"Negative seek position {pos}")
        self._at = pos
        return pos

    def truncate(self, pos=None, /):
        self._check()
        self._content = self._content[: self._at if pos is None else pos]
        return len(self._content)

    def _put(self, data):
        content = self._content
        if self._at == len(content):
            self._content = content + data
        else:
            content += self._pad * (self._at - len(content))
            self._content = content[: self._at] + data + content[self._at + len(data) :]
        self._at += len(data)
        return len(data)


class StringIO(_Memory, TextIOBase):
    _newline = "\n"
    _pad = "\0"

    def __init__(self, initial_value="", newline="\n"):
        if initial_value is not None and not isinstance(initial_value, str):
            raise TypeError(f"initial_value must be str or None, not {type(initial_value).__name__}")
        self._content = initial_value or ""
        self._at = 0

    def write(self, text, /):
        self._check()
        if not isinstance(text, str):
            raise TypeError(f"string argument expected, got '{type(text).__name__}'")
        return self._put(text)


class BytesIO(_Memory, BufferedIOBase):
    _newline = b"\n"
    _pad = b"\0"

    def __init__(self, initial_bytes=b""):
        self._content = bytes(initial_bytes or b"")
        self._at = 0

    def write(self, data, /):
        self._check()
        if isinstance(data, str):
            raise TypeError("a bytes-like object is required, not 'str'")
        return self._put(bytes(data))

    def getbuffer(self):
        return self._content


TextIOWrapper = _TextFile
