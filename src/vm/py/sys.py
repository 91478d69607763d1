"""What a program can ask of its interpreter."""

from _raddle import refuse as _not_supported
from _raddle import (
    exception_handled as _exception_handled,
    frame_names as _frame_names,
    module_names as _module_names,
    module_object as _module_object,
    program_arguments as _program_arguments,
    recursion_limit as getrecursionlimit,
    set_recursion_limit as setrecursionlimit,
)
from traceback import _text as _exception_text, _write_error

version = "3.13.0 (raddle)"
copyright = "raddle"
platform = "linux"
byteorder = "little"
maxsize = 9223372036854775807
maxunicode = 1114111
hexversion = 0x030D00F0
api_version = 1013
executable = "/usr/bin/python3"
prefix = base_prefix = exec_prefix = base_exec_prefix = "/usr"
platlibdir = "lib"
float_repr_style = "short"
dont_write_bytecode = False
pycache_prefix = None
path = []
meta_path = []
path_hooks = []
warnoptions = []
_xoptions = {}
ps1 = ">>> "
ps2 = "... "


class _Fields:
    """Named values that compare and unpack as a tuple."""

    def __init__(self, name, /, **fields):
        self.__dict__.update(fields)
        self._shown = name
        self._fields = tuple(fields)

    def _values(self):
        return tuple([self.__dict__[f] for f in self._fields])

    def __iter__(self):
        return iter(self._values())

    def __getitem__(self, at):
        return self._values()[at]

    def __len__(self):
        return len(self._fields)

    def __eq__(self, other):
        return self._values() == tuple(other)

    def __lt__(self, other):
        return self._values() < tuple(other)

    def __le__(self, other):
        return self._values() <= tuple(other)

    def __gt__(self, other):
        return self._values() > tuple(other)

    def __ge__(self, other):
        return self._values() >= tuple(other)

    def __hash__(self):
        return hash(self._values())

    def __repr__(self):
        return self._shown + "(" + ", ".join([f"{f}={self.__dict__[f]!r}" for f in self._fields]) + ")"


version_info = _Fields("sys.version_info", major=3, minor=13, micro=0, releaselevel="final", serial=0)
float_info = _Fields(
    "sys.float_info", max=1.7976931348623157e308, max_exp=1024, max_10_exp=308, min=2.2250738585072014e-308,
    min_exp=-1021, min_10_exp=-307, dig=15, mant_dig=53, epsilon=2.220446049250313e-16, radix=2, rounds=1,
)
int_info = _Fields(
    "sys.int_info", bits_per_digit=30, sizeof_digit=4, default_max_str_digits=4300, str_digits_check_threshold=640
)
hash_info = _Fields(
    "sys.hash_info", width=64, modulus=2305843009213693951, inf=314159, nan=0, imag=1000003, algorithm="siphash13",
    hash_bits=64, seed_bits=128, cutoff=0,
)
thread_info = _Fields("sys.thread_info", name="pthread", lock="semaphore", version="raddle")
flags = _Fields(
    "sys.flags", debug=0, inspect=0, interactive=0, optimize=0, dont_write_bytecode=0, no_user_site=0, no_site=0,
    ignore_environment=0, verbose=0, bytes_warning=0, quiet=0, hash_randomization=0, isolated=0, dev_mode=False,
    utf8_mode=1, warn_default_encoding=0, safe_path=False, int_max_str_digits=4300,
)
implementation = _Fields("namespace", name="cpython", cache_tag="cpython-313", version=version_info, hexversion=hexversion)

builtin_module_names = ("sys", "builtins", "time", "_thread")
stdlib_module_names = frozenset(["sys", "time", "threading", "queue", "os", "random", "math", "collections", "json"])


class _Stream:
    """An open text stream of the program: what is written goes out at once, one step a write."""

    encoding = "utf-8"
    errors = "strict"
    newlines = None
    closed = False
    line_buffering = True

    def __init__(self, number, name):
        self._number = number
        self.name = name
        self.mode = "r" if number == 0 else "w"

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if self._number == 0:
            raise _unsupported("not writable")
        _raddle_write(self._number, text)
        return len(text)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def flush(self):
        pass

    def close(self):
        pass

    def fileno(self):
        return self._number

    def isatty(self):
        return False

    def readable(self):
        return self._number == 0

    def writable(self):
        return self._number != 0

    def seekable(self):
        return False

    def reconfigure(self, **options):
        pass

    def readline(self, size=-1):
        if self._number != 0:
            raise _unsupported("not readable")
        return _raddle_read_line()

    def read(self, size=-1):
        lines = []
        while line := self.readline():
            lines.append(line)
        return "".join(lines)

    def readlines(self, hint=-1):
        return list(self)

    def __iter__(self):
        return self

    def __next__(self):
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        pass

    @property
    def buffer(self):
        return _Bytes(self)

    def __repr__(self):
        return f"<_io.TextIOWrapper name='{self.name}' mode='{self.mode}' encoding='utf-8'>"


class _Bytes:
    def __init__(self, stream):
        self._stream = stream

    def write(self, data):
        self._stream.write(data.decode("utf-8", "replace"))
        return len(data)

    def flush(self):
        pass

    def read(self, size=-1):
        return self._stream.read().encode()

    def readline(self, size=-1):
        return self._stream.readline().encode()


def _unsupported(text):
    import io

    return io.UnsupportedOperation(text)


stdin = __stdin__ = _Stream(0, "<stdin>")
stdout = __stdout__ = _Stream(1, "<stdout>")
stderr = __stderr__ = _Stream(2, "<stderr>")


def exit(status=None, /):
    raise SystemExit(status) if status is not None else SystemExit


def exception():
    return _exception_handled()


def exc_info():
    e = _exception_handled()
    if e is None:
        return (None, None, None)
    return (type(e), e, e.__traceback__)


def excepthook(exctype, value, traceback, /):
    _write_error(_exception_text(value))


__excepthook__ = excepthook


def displayhook(value, /):
    if value is not None:
        print(repr(value))


def unraisablehook(unraisable, /):
    pass


def getdefaultencoding():
    return "utf-8"


def getfilesystemencoding():
    return "utf-8"


def getswitchinterval():
    return _interval[0]


_interval = [0.005]


def setswitchinterval(interval, /):
    if interval <= 0.0:
        raise ValueError("switch interval must be strictly positive")
    _interval[0] = float(interval)


def intern(string, /):
    if not isinstance(string, str):
        raise TypeError(f"intern() argument must be str, not {type(string).__name__}")
    return string


def is_finalizing():
    return False


def _is_gil_enabled():
    return True


def gettrace():
    return None


def getprofile():
    return None


def _refuse(name):
    _not_supported(f"sys.{name}() is not supported")


def settrace(function, /):
    if function is not None:
        _refuse("settrace")


def setprofile(function, /):
    if function is not None:
        _refuse("setprofile")


def getsizeof(object, default=None):
    _refuse("getsizeof")


def getrefcount(object, /):
    _refuse("getrefcount")


def _getframe(depth=0, /):
    place = _frame_names(depth)
    if place is None:
        raise ValueError("call stack is not deep enough")
    return _Frame(place, depth)


def _current_frames():
    _refuse("_current_frames")


class _Code:
    def __init__(self, place):
        self.co_filename = place[0]
        self.co_name = self.co_qualname = place[2]


class _Frame:
    """As much of a frame as programs read: names and line."""

    def __init__(self, place, depth):
        self.f_lineno = place[1]
        self.f_code = _Code(place)
        self.f_globals = {"__name__": place[3], "__file__": place[0]}
        self._depth = depth

    @property
    def f_back(self):
        place = _frame_names(self._depth + 1)
        return None if place is None else _Frame(place, self._depth + 1)


def get_int_max_str_digits():
    return 4300


def set_int_max_str_digits(maxdigits):
    pass


class _Modules(dict):
    """`sys.modules`, for reading."""

    def _names(self):
        return _module_names()

    def __contains__(self, name):
        return name in _module_names() or dict.__contains__(self, name)

    def __getitem__(self, name):
        if dict.__contains__(self, name):
            return dict.__getitem__(self, name)
        if name not in _module_names():
            raise KeyError(name)
        return _module_object(name)

    def get(self, name, default=None):
        return self[name] if name in self else default

    def __iter__(self):
        return iter(_module_names())

    def __len__(self):
        return len(_module_names())

    def keys(self):
        return _module_names()

    def items(self):
        return [(name, _module_object(name)) for name in _module_names()]

    def values(self):
        return [_module_object(name) for name in _module_names()]


modules = _Modules()


argv = _program_arguments()
orig_argv = argv
