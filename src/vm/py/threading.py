"""Threads. Locks, conditions, semaphores, events and barriers are classes of raddle's own."""

from _raddle import refuse as _not_supported
from _raddle import (
    Barrier,
    BoundedSemaphore,
    BrokenBarrierError,
    Condition,
    Event,
    RLock,
    Semaphore,
    deprecated as _deprecated,
    exception_handled as _exception_handled,
    lock as Lock,
    module_value as _module_value,
    note_death as _note_death,
    is_thread_over as _is_thread_over,
    join_thread as _join_thread,
    start_thread as _start_thread,
    thread_begun as _thread_begun,
    thread_create as _thread_create,
    thread_current as _thread_current,
    thread_live as _thread_live,
    thread_look as _thread_look,
    thread_number as _thread_number,
    thread_object as _thread_object,
    thread_set_daemon as _thread_set_daemon,
    thread_set_object as _thread_set_object,
    thread_state as _thread_state,
    wait_for_threads as _wait_for_threads,
)
from traceback import _last as _last_lines, _text as _exception_text, _write_error

__all__ = [
    "get_ident", "active_count", "Condition", "current_thread", "enumerate", "main_thread", "TIMEOUT_MAX", "Event",
    "Lock", "RLock", "Semaphore", "BoundedSemaphore", "Thread", "Barrier", "BrokenBarrierError", "Timer",
    "ThreadError", "setprofile", "settrace", "local", "stack_size", "excepthook", "ExceptHookArgs", "gettrace",
    "getprofile", "setprofile_all_threads", "settrace_all_threads", "get_native_id",
]

TIMEOUT_MAX = 9223372036.0
ThreadError = RuntimeError
_RLock = RLock

# Identifiers are small and stable: main has 1. Native ones begin with what os.getpid() tells.
_FIRST_IDENT = 1
_FIRST_NATIVE = 1000


def get_ident():
    return _thread_current() + _FIRST_IDENT


def get_native_id():
    return _thread_current() + _FIRST_NATIVE


def current_thread():
    return _thread_object(_thread_current())


def currentThread():
    _deprecated("currentThread() is deprecated, use current_thread() instead")
    return current_thread()


def main_thread():
    return _main_thread


def enumerate():
    _thread_look()
    return _thread_live()


def active_count():
    _thread_look()
    return len(_thread_live())


def activeCount():
    _deprecated("activeCount() is deprecated, use active_count() instead")
    return active_count()


def stack_size(size=0, /):
    if size < 0:
        raise ValueError("size must be 0 or a positive value")
    if 0 < size < 32768:
        raise ValueError(f"size not valid: {size} bytes")
    return 0


def _refuse(name):
    _not_supported(f"threading.{name}() is not supported")


def settrace(func):
    if func is not None:
        _refuse("settrace")


def setprofile(func):
    if func is not None:
        _refuse("setprofile")


def settrace_all_threads(func):
    settrace(func)


def setprofile_all_threads(func):
    setprofile(func)


def gettrace():
    return None


def getprofile():
    return None


# ---- exceptions that leave a thread ----


class ExceptHookArgs(tuple):
    """What an excepthook is told: type, value, traceback, thread."""

    __slots__ = ()

    exc_type = property(lambda self: self[0])
    exc_value = property(lambda self: self[1])
    exc_traceback = property(lambda self: self[2])
    thread = property(lambda self: self[3])

    def __repr__(self):
        return (
            f"_thread._ExceptHookArgs(exc_type={self[0]!r}, exc_value={self[1]!r}, "
            f"exc_traceback={self[2]!r}, thread={self[3]!r})"
        )


ExceptHookArgs.__name__ = ExceptHookArgs.__qualname__ = "_ExceptHookArgs"
ExceptHookArgs.__module__ = "_thread"


def excepthook(args, /):
    """Writes the exception that ended a thread to stderr."""
    exc_type, exc, tb, thread = args
    if exc_type is SystemExit:
        return
    name = thread.name if thread is not None else get_ident()
    if exc is None:
        exc = exc_type()
    _write_error(f"Exception in thread {name}:\n" + _exception_text(exc))


__excepthook__ = excepthook


def _uncaught(thread, exc):
    _note_death(thread._name, _last_lines(exc)[:-1])
    try:
        (excepthook or __excepthook__)(ExceptHookArgs([type(exc), exc, exc.__traceback__, thread]))
    except Exception as failed:
        _write_error("Exception in threading.excepthook:\n" + _exception_text(failed))


def _bootstrap(thread):
    """The first frame of a thread, unless it can be the program's own function."""
    try:
        thread.run()
    except SystemExit:
        pass
    except BaseException as e:
        _uncaught(thread, e)


def _after_run(thread, exc, forget):
    """What is left to do after a function that was called in place of these frames: `exc` has left it, `forget` as `Thread.run` does."""
    try:
        try:
            if exc is not None:
                raise exc
        finally:
            if forget:
                del thread._target, thread._args, thread._kwargs
    except SystemExit:
        pass
    except BaseException as e:
        _uncaught(thread, e)


# ---- Thread ----


class Thread:
    _initialized = False

    def __init__(self, group=None, target=None, name=None, args=(), kwargs=None, *, daemon=None):
        assert group is None, "group argument must be None for now"
        if kwargs is None:
            kwargs = {}
        if name:
            name = str(name)
        else:
            name = f"Thread-{_thread_number()}"
            if target is not None:
                try:
                    name += f" ({target.__name__})"
                except AttributeError:
                    pass
        self._target = target
        self._name = name
        self._args = args
        self._kwargs = kwargs
        if daemon is not None:
            self._daemonic = bool(daemon)
        else:
            self._daemonic = current_thread().daemon
        self._number = _thread_create(self._daemonic)
        self._initialized = True

    def __repr__(self):
        assert self._initialized, "Thread.__init__() was not called"
        status = _thread_state(self._number)
        if self._daemonic:
            status += " daemon"
        if _thread_begun(self._number):
            status += f" {self.ident}"
        return f"<{self.__class__.__name__}({self._name}, {status})>"

    def start(self):
        return _start_thread(self)

    def run(self):
        try:
            if self._target is not None:
                self._target(*self._args, **self._kwargs)
        finally:
            del self._target, self._args, self._kwargs

    def join(self, timeout=None):
        return _join_thread(self, timeout)

    def is_alive(self):
        return not _is_thread_over(self)

    @property
    def name(self):
        assert self._initialized, "Thread.__init__() not called"
        return self._name

    @name.setter
    def name(self, name):
        assert self._initialized, "Thread.__init__() not called"
        self._name = str(name)

    @property
    def ident(self):
        assert self._initialized, "Thread.__init__() not called"
        return self._number + _FIRST_IDENT if _thread_begun(self._number) else None

    @property
    def native_id(self):
        assert self._initialized, "Thread.__init__() not called"
        return self._number + _FIRST_NATIVE if _thread_begun(self._number) else None

    @property
    def daemon(self):
        assert self._initialized, "Thread.__init__() not called"
        return self._daemonic

    @daemon.setter
    def daemon(self, daemonic):
        if not self._initialized:
            raise RuntimeError("Thread.__init__() not called")
        if _thread_begun(self._number):
            raise RuntimeError("cannot set daemon status of active thread")
        self._daemonic = daemonic
        _thread_set_daemon(self._number, bool(daemonic))

    def isDaemon(self):
        _deprecated("isDaemon() is deprecated, get the daemon attribute instead")
        return self.daemon

    def setDaemon(self, daemonic):
        _deprecated("setDaemon() is deprecated, set the daemon attribute instead")
        self.daemon = daemonic

    def getName(self):
        _deprecated("getName() is deprecated, get the name attribute instead")
        return self.name

    def setName(self, name):
        _deprecated("setName() is deprecated, set the name attribute instead")
        self.name = name


class _MainThread(Thread):
    def __init__(self):
        self._target = None
        self._name = "MainThread"
        self._args = ()
        self._kwargs = {}
        self._daemonic = False
        self._number = 0
        self._initialized = True


class _DummyThread(Thread):
    pass


# What happens between a timer and those who look at it has these names in traces.


def interval(self):
    """Whether the time is up and nobody has cancelled it."""
    self.finished.wait(self.interval)
    return not self.finished.is_set()


def end_timer(self):
    self.finished.set()


class Timer(Thread):
    """Calls a function after so many seconds, unless it is cancelled before."""

    def __init__(self, interval, function, args=None, kwargs=None):
        Thread.__init__(self)
        self.interval = interval
        self.function = function
        self.args = args if args is not None else []
        self.kwargs = kwargs if kwargs is not None else {}
        self.finished = Event()

    def cancel(self):
        self.finished.set()

    def run(self):
        if interval(self):
            self.function(*self.args, **self.kwargs)
        end_timer(self)


# ---- thread-local data ----


class local:
    """An object whose attributes are each thread's own."""

    def __new__(cls, /, *args, **kwargs):
        if (args or kwargs) and cls.__init__ is object.__init__:
            raise TypeError("Initialization arguments are not supported")
        self = object.__new__(cls)
        object.__setattr__(self, "_local__args", (args, kwargs))
        object.__setattr__(self, "_local__spaces", {_thread_current(): {}})
        return self

    def __getattribute__(self, name):
        space = _space(self)
        if name == "__dict__":
            return space
        if name in space:
            found = _class_attribute(self, name)
            if not hasattr(type(found), "__set__"):
                return space[name]
        elif name.startswith("_local__") or not _has_class_attribute(self, name):
            raise _no_attribute(self, name)
        return object.__getattribute__(self, name)

    def __setattr__(self, name, value):
        if name == "__dict__":
            raise AttributeError(f"{type(self).__name__!r} object attribute '__dict__' is read-only")
        if hasattr(type(_class_attribute(self, name)), "__set__"):
            object.__setattr__(self, name, value)
        else:
            _space(self)[name] = value

    def __delattr__(self, name):
        if name == "__dict__":
            raise AttributeError(f"{type(self).__name__!r} object attribute '__dict__' is read-only")
        space = _space(self)
        if name not in space:
            raise _no_attribute(self, name)
        del space[name]


local.__name__ = local.__qualname__ = "_local"
local.__module__ = "_thread"


def _space(self):
    """The attributes of this thread; a thread that is new to the object runs `__init__` first."""
    spaces = object.__getattribute__(self, "_local__spaces")
    me = _thread_current()
    space = spaces.get(me)
    if space is None:
        space = spaces[me] = {}
        args, kwargs = object.__getattribute__(self, "_local__args")
        cls = type(self)
        if cls.__init__ is not object.__init__:
            cls.__init__(self, *args, **kwargs)
    return space


def _class_attribute(self, name):
    for cls in type(self).__mro__:
        found = cls.__dict__.get(name, _space)
        if found is not _space:
            return found
    return None


def _has_class_attribute(self, name):
    if name == "__class__":
        return True
    for cls in type(self).__mro__:
        if name in cls.__dict__:
            return True
    return False


def _no_attribute(self, name):
    cls = type(self)
    shown = "_thread._local" if cls is local else cls.__name__
    return AttributeError(f"'{shown}' object has no attribute '{name}'", name=name, obj=self)


# ---- the end of the program ----

_threading_atexits = []


def _register_atexit(func, *arg, **kwargs):
    _threading_atexits.append((func, arg, kwargs))


def _run_threading_atexits():
    while _threading_atexits:
        func, args, kwargs = _threading_atexits.pop()
        func(*args, **kwargs)


def _after_fork():
    """In a new process: the thread that began it is its main thread, whatever it was before."""
    global _main_thread
    thread = current_thread()
    if thread is None:
        thread = _MainThread()
        _thread_set_object(_thread_current(), thread)
    thread._number = _thread_current()
    _main_thread = thread
    _threading_atexits.clear()


def _shutdown():
    """At the end of a process."""
    _run_threading_atexits()
    _wait_for_threads()


_main_thread = _MainThread()
_thread_set_object(0, _main_thread)
