"""Processes. A simulated process has memory of its own, copied when it starts; what passes between processes is copied as well.

What lies outside of all processes - semaphores, pipes, shared memory - are instances of `_Shared`, which every process has in common.
"""

import _pickle
import atexit as _atexit
import threading as _threading
from _raddle import refuse as _not_supported
from _raddle import (
    Barrier as _BarrierSync,
    Condition as _ConditionSync,
    Event as _EventSync,
    QueueSync as _QueueSync,
    RLock as _RLockSync,
    Semaphore as _SemaphoreSync,
    clock_now as _now,
    deque as _deque,
    lock as _LockSync,
    process_create as _process_create,
    process_current as _process_current,
    process_exit as _process_exit,
    process_exit_code as _process_exit_code,
    process_kill as _process_kill,
    process_parent as _process_parent,
    process_pid as _process_pid,
    process_start as _process_start,
    process_value as _process_value,
    module_value as _module_value,
    note_death as _note_death,
    thread_current as _thread_current,
    thread_ended as _thread_ended,
    thread_join as _thread_join,
    thread_look as _thread_look,
)
from queue import Empty as _Empty, Full as _Full
from traceback import _last as _last_lines, _text as _exception_text, _write_error

__all__ = [
    "Array", "AuthenticationError", "Barrier", "BoundedSemaphore", "BufferTooShort", "Condition", "Event",
    "JoinableQueue", "Lock", "Manager", "Pipe", "Pool", "Process", "ProcessError", "Queue", "RLock", "RawArray",
    "RawValue", "Semaphore", "SimpleQueue", "TimeoutError", "Value", "active_children", "allow_connection_pickling",
    "cpu_count", "current_process", "freeze_support", "get_all_start_methods", "get_context", "get_logger",
    "get_start_method", "log_to_stderr", "parent_process", "set_executable", "set_forkserver_preload",
    "set_start_method",
]


class ProcessError(Exception):
    pass


class BufferTooShort(ProcessError):
    pass


class TimeoutError(ProcessError):
    pass


class AuthenticationError(ProcessError):
    pass


class _Shared(_pickle._Outside):
    """Something outside of all processes: a fork copies neither it nor what it alone refers to."""


class _Memory(_Shared):
    """Memory that processes share: to look at it is a step, and so is to change it."""

    def __init__(self):
        self.sync = _EventSync()


def _reads(memory):
    memory.sync.is_set()


def _writes(memory):
    memory.sync.clear()


# ---- processes ----

_current = None
_parent = None
_children = []
_counter = [0]
_spawning = []
_SIGNALS = {1: "SIGHUP", 2: "SIGINT", 9: "SIGKILL", 15: "SIGTERM"}


def current_process():
    return _current


def parent_process():
    return _parent


def active_children():
    _thread_look()
    _forget_ended()
    return list(_children)


def _forget_ended():
    for child in list(_children):
        if _process_exit_code(child._number) is not None:
            _children.remove(child)


class BaseProcess:
    def __init__(self, group=None, target=None, name=None, args=(), kwargs={}, *, daemon=None):
        assert group is None, "group argument must be None for now"
        _counter[0] += 1
        self._identity = _current._identity + (_counter[0],)
        self._config = dict(_current._config)
        self._parent_pid = _current.pid
        self._parent_name = _current.name
        self._number = None
        self._closed = False
        self._target = target
        self._args = tuple(args)
        self._kwargs = dict(kwargs)
        self._name = name or type(self).__name__ + "-" + ":".join([str(i) for i in self._identity])
        if daemon is not None:
            self.daemon = daemon

    def _check_closed(self):
        if self._closed:
            raise ValueError("process object is closed")

    def run(self):
        if self._target:
            self._target(*self._args, **self._kwargs)

    def start(self):
        self._check_closed()
        assert self._number is None, "cannot start a process twice"
        assert self._parent_pid == _current.pid, "can only start a process object created by current process"
        assert not _current._config.get("daemon"), "daemonic processes are not allowed to have children"
        if getattr(_current, "_inheriting", False):
            raise RuntimeError(_UNGUARDED)
        _forget_ended()
        spawn = self._method() != "fork"
        message = self
        if spawn:
            _spawning.append(self)
            try:
                message = _pickle.dumps((self, _method[0], _current.name))
            finally:
                _spawning.pop()
        self._number = _process_create()
        _children.append(self)
        _process_start(self._number, self._name, _spawned if spawn else _forked, message, spawn)
        del self._target, self._args, self._kwargs

    def _method(self):
        return get_start_method()

    def terminate(self):
        self._check_closed()
        if self._number is not None:
            _process_kill(self._number, 15)
            _close_all(self._number)

    def kill(self):
        self._check_closed()
        if self._number is not None:
            _process_kill(self._number, 9)
            _close_all(self._number)

    def join(self, timeout=None):
        self._check_closed()
        assert self._parent_pid == _current.pid, "can only join a child process"
        assert self._number is not None, "can only join a started process"
        _thread_join(self._number, None if timeout is None else max(timeout, 0))
        if self in _children and _process_exit_code(self._number) is not None:
            _children.remove(self)

    def is_alive(self):
        self._check_closed()
        if self is _current:
            return True
        assert self._parent_pid == _current.pid, "can only test a child process"
        if self._number is None:
            return False
        ended = _thread_ended(self._number)
        if ended and self in _children:
            _children.remove(self)
        return not ended

    def close(self):
        if self._number is not None:
            if not _thread_ended(self._number):
                raise ValueError(
                    "Cannot close a process while it is still running. You should first call join() or terminate()."
                )
            if self in _children:
                _children.remove(self)
        self._closed = True

    @property
    def name(self):
        return self._name

    @name.setter
    def name(self, name):
        assert isinstance(name, str), "name must be a string"
        self._name = name

    @property
    def daemon(self):
        return self._config.get("daemon", False)

    @daemon.setter
    def daemon(self, daemonic):
        assert self._number is None, "process has already started"
        self._config["daemon"] = daemonic

    @property
    def authkey(self):
        return b"raddle"

    @property
    def exitcode(self):
        self._check_closed()
        if self is _current:
            return None
        if self._number is None or not _thread_ended(self._number):
            return None
        return _process_exit_code(self._number)

    @property
    def pid(self):
        self._check_closed()
        if self is _current:
            return _process_pid(_process_current())
        return None if self._number is None else _process_pid(self._number)

    ident = pid

    @property
    def sentinel(self):
        self._check_closed()
        if self._number is None:
            raise ValueError("process not started")
        return self._number

    def __repr__(self):
        code = None
        if self is _current:
            status = "started"
        elif self._closed:
            status = "closed"
        elif self._parent_pid != _current.pid:
            status = "unknown"
        elif self._number is None:
            status = "initial"
        else:
            code = _process_exit_code(self._number)
            status = "started" if code is None else "stopped"
        info = [type(self).__name__, f"name={self._name!r}"]
        if self._number is not None:
            info.append(f"pid={_process_pid(self._number)}")
        info.append(f"parent={self._parent_pid}")
        info.append(status)
        if code is not None:
            info.append("exitcode=" + (f"-{_SIGNALS[-code]}" if -code in _SIGNALS else str(code)))
        if self.daemon:
            info.append("daemon")
        return f"<{' '.join(info)}>"

    def __reduce__(self):
        if not _spawning:
            raise TypeError("Pickling an AuthenticationString object is disallowed for security reasons")
        state = dict(self.__dict__)
        return (_process_of, (type(self), state))


BaseProcess.__module__ = "multiprocessing.process"


class Process(BaseProcess):
    pass


Process.__module__ = "multiprocessing.context"


def _process_of(cls, state):
    process = object.__new__(cls)
    process.__dict__.update(state)
    return process


class _MainProcess(BaseProcess):
    def __init__(self):
        self._identity = ()
        self._name = "MainProcess"
        self._parent_pid = None
        self._parent_name = None
        self._number = None
        self._closed = False
        self._config = {}

    def close(self):
        pass


_MainProcess.__module__ = "multiprocessing.process"


class _ParentProcess(BaseProcess):
    def __init__(self, name, number):
        self._identity = ()
        self._name = name
        self._number = number
        self._parent_pid = None
        self._closed = False
        self._config = {}

    def is_alive(self):
        return not _thread_ended(self._number)

    def join(self, timeout=None):
        _thread_join(self._number, None if timeout is None else max(timeout, 0))

    @property
    def ident(self):
        return _process_pid(self._number)

    pid = ident


_ParentProcess.__name__ = _ParentProcess.__qualname__ = "ParentProcess"

_UNGUARDED = """
        An attempt has been made to start a new process before the
        current process has finished its bootstrapping phase.

        This probably means that you are not using fork to start your
        child processes and you have forgotten to use the proper idiom
        in the main module:

            if __name__ == '__main__':
                freeze_support()
                ...

        The "freeze_support()" line can be omitted if the program
        is not going to be frozen to produce an executable.

        To fix this issue, refer to the "Safe importing of main module"
        section in https://docs.python.org/3/library/multiprocessing.html
        """


def _close_all(number):
    """Closes what a killed process had open, as the operating system does."""
    for connection in list(_process_value(number, "multiprocessing", "_open") or []):
        connection._release()


def _forked(process):
    """The first function of a forked process, in its own memory."""
    global _parent
    _parent = _ParentProcess(process._parent_name, _process_parent())
    _threading._after_fork()
    random = _module_value("random", "_inst")
    if random is not None:
        random.seed()
    pools = _module_value("concurrent.futures", "_pools")
    if pools:
        pools.clear()
    _counter[0] = 0
    _children.clear()
    _open[:] = [connection for connection in _open if isinstance(connection, Connection)]
    _run(process)


def _spawned(message):
    """The first function of a process that was not forked: runs the program's top level first."""
    global _parent, _current
    _threading._after_fork()
    _current._inheriting = True
    try:
        _raddle_run_main()
        process, method, parent = _pickle.loads(message)
    except BaseException as e:
        if isinstance(e, SystemExit):
            _process_exit(_exit_code(e))
        else:
            _process_exit(1)
            _note_death("", _last_lines(e)[:-1])
            _write_error(_exception_text(e))
        return
    finally:
        del _current._inheriting
    _method[0] = method
    _parent = _ParentProcess(parent, _process_parent())
    _run(process)


def _exit_code(exit):
    code = exit.code
    if code is None:
        return 0
    if isinstance(code, int):
        return code
    _write_error(str(code) + "\n")
    return 1


def _run(process):
    global _current
    # It is started from the parent's side; in its own memory it is the current one.
    process._number = _process_current()
    _current = process
    code = 1
    try:
        try:
            process.run()
            code = 0
        finally:
            _exit_function()
    except SystemExit as e:
        code = _exit_code(e)
    except BaseException as e:
        _note_death(process._name, _last_lines(e)[:-1])
        _write_error(f"Process {process._name}:\n" + _exception_text(e))
    finally:
        _threading._shutdown()
    for connection in list(_open):
        connection._release()
    _process_exit(code)


def _exit_function():
    """At the end of a process: ends its daemons and waits for its other children."""
    _forget_ended()
    for child in list(_children):
        if child.daemon:
            child.terminate()
    for child in list(_children):
        child.join()


_current = _MainProcess()
_atexit.register(_exit_function)

_method = [None]


# ---- synchronisation ----


def _seconds(timeout):
    return None if timeout is None else max(timeout, 0)


def _inherited_only(what):
    if not _spawning:
        raise RuntimeError(f"{what} objects should only be shared between processes through inheritance")


class _Sync(_Shared):
    """A kernel object with the name of its present holder, which no process but that one may read."""

    def __init__(self, sync):
        self.sync = sync
        self.holder = None


def _rebuilt(cls, state):
    made = object.__new__(cls)
    made.__dict__.update(state)
    return made


class _SemLock:
    _shown = "Lock"

    def _acquire(self, block=True, timeout=None):
        if not block:
            return self._sem.sync.acquire(False)
        if timeout is None:
            return self._sem.sync.acquire()
        return self._sem.sync.acquire(True, max(timeout, 0))

    def __enter__(self):
        return self.acquire()

    def __exit__(self, exc_type, exc_value, traceback):
        self.release()

    def _holder(self):
        """Process, and thread if that is not its main one."""
        name = _current._name
        if _threading.current_thread() is not _threading.main_thread():
            name += "|" + _threading.current_thread().name
        return name

    def __reduce__(self):
        _inherited_only(type(self).__name__)
        return (_rebuilt, (type(self), dict(self.__dict__)))


_SemLock.__name__ = _SemLock.__qualname__ = "SemLock"


class Lock(_SemLock):
    def __init__(self, *, ctx=None):
        self._sem = _Sync(_LockSync())

    def acquire(self, block=True, timeout=None):
        if self._acquire(block, timeout):
            self._sem.holder = (_thread_current(), self._holder())
            return True
        return False

    def release(self):
        try:
            self._sem.sync.release()
        except RuntimeError:
            raise ValueError("semaphore or lock released too many times") from None
        self._sem.holder = None

    def locked(self):
        return self._sem.sync.locked()

    def __repr__(self):
        return f"<{type(self).__name__}(owner={_owner(self._sem.holder)})>"


def _owner(holder):
    if holder is None:
        return "None"
    number, name = holder
    if number == _thread_current():
        return name
    return "SomeOtherThread" if name.split("|")[0] == _current._name else "SomeOtherProcess"


class RLock(_SemLock):
    def __init__(self, *, ctx=None):
        self._sem = _Sync(_RLockSync())
        self._sem.count = 0

    def acquire(self, block=True, timeout=None):
        sem = self._sem
        if self._acquire(block, timeout):
            me = _thread_current()
            again = sem.holder is not None and sem.holder[0] == me
            sem.count = sem.count + 1 if again else 1
            sem.holder = (me, self._holder())
            return True
        return False

    def release(self):
        sem = self._sem
        try:
            sem.sync.release()
        except RuntimeError:
            raise AssertionError("attempt to release recursive lock not owned by thread") from None
        sem.count -= 1
        if sem.count == 0:
            sem.holder = None

    def __repr__(self):
        owner = _owner(self._sem.holder)
        count = self._sem.count if owner not in ("None", "SomeOtherThread", "SomeOtherProcess") else 0
        if owner.startswith("SomeOther"):
            count = "nonzero"
        return f"<{type(self).__name__}({owner}, {count})>"


class Semaphore(_SemLock):
    _bounded = False

    def __init__(self, value=1, *, ctx=None):
        self._sem = _Sync(_SemaphoreSync(value))

    def acquire(self, block=True, timeout=None):
        return self._acquire(block, timeout)

    def release(self):
        try:
            self._sem.sync.release()
        except ValueError:
            raise ValueError("semaphore or lock released too many times") from None

    def get_value(self):
        return self._sem.sync._value

    def __repr__(self):
        return f"<{type(self).__name__}(value={self.get_value()})>"


class BoundedSemaphore(Semaphore):
    def __init__(self, value=1, *, ctx=None):
        from _raddle import BoundedSemaphore as Bounded

        self._sem = _Sync(Bounded(value))
        self._sem.bound = value

    def __repr__(self):
        return f"<{type(self).__name__}(value={self.get_value()}, maxvalue={self._sem.bound})>"


class Condition:
    def __init__(self, lock=None, *, ctx=None):
        self._lock = lock or RLock()
        self._sem = _Sync(_ConditionSync(self._lock._sem.sync))

    def acquire(self, block=True, timeout=None):
        return self._lock.acquire(block, timeout)

    def release(self):
        self._lock.release()

    def __enter__(self):
        return self._lock.__enter__()

    def __exit__(self, *args):
        return self._lock.__exit__(*args)

    def wait(self, timeout=None):
        sem = self._lock._sem
        holder, count = sem.holder, getattr(sem, "count", 0)
        if holder is None or holder[0] != _thread_current():
            raise AssertionError("must acquire() condition before using wait()")
        # Who takes the lock meanwhile writes its own name there.
        try:
            return self._sem.sync.wait(_seconds(timeout))
        finally:
            sem.holder = holder
            if count:
                sem.count = count

    def wait_for(self, predicate, timeout=None):
        result = predicate()
        if result:
            return result
        end = None if timeout is None else _now() + int(timeout * 1000000000)
        left = None
        while not result:
            if end is not None:
                left = (end - _now()) / 1000000000
                if left <= 0:
                    break
            self.wait(left)
            result = predicate()
        return result

    def _check(self):
        holder = self._lock._sem.holder
        if holder is None or holder[0] != _thread_current():
            raise AssertionError("lock is not owned")

    def notify(self, n=1):
        self._check()
        self._sem.sync.notify(n)

    def notify_all(self):
        self._check()
        self._sem.sync.notify_all()

    def __repr__(self):
        return f"<Condition({self._lock})>"

    def __reduce__(self):
        _inherited_only("Condition")
        return (_rebuilt, (type(self), dict(self.__dict__)))


class Event:
    def __init__(self, *, ctx=None):
        self._sem = _Sync(_EventSync())

    def is_set(self):
        return self._sem.sync.is_set()

    def set(self):
        self._sem.sync.set()

    def clear(self):
        self._sem.sync.clear()

    def wait(self, timeout=None):
        return self._sem.sync.wait(timeout)

    def __repr__(self):
        return f"<Event at {id(self):#x} {'set' if self._sem.sync.is_set() else 'unset'}>"

    def __reduce__(self):
        _inherited_only("Event")
        return (_rebuilt, (type(self), dict(self.__dict__)))


class Barrier:
    def __init__(self, parties, action=None, timeout=None, *, ctx=None):
        # The action is each process's own: it is not part of what the processes have in common.
        self._sem = _Sync(_BarrierSync(parties))
        self._parties = parties
        self._action = action
        self._timeout = timeout

    def wait(self, timeout=None):
        if timeout is None:
            timeout = self._timeout
        sync = self._sem.sync
        if self._action is None:
            return sync.wait(timeout)
        return sync._wait_with(self._action, timeout)

    def reset(self):
        self._sem.sync.reset()

    def abort(self):
        self._sem.sync.abort()

    @property
    def parties(self):
        return self._parties

    @property
    def n_waiting(self):
        return self._sem.sync.n_waiting

    @property
    def broken(self):
        return self._sem.sync.broken

    def __reduce__(self):
        _inherited_only("Barrier")
        return (_rebuilt, (type(self), dict(self.__dict__)))


for _cls in (_SemLock, Lock, RLock, Semaphore, BoundedSemaphore, Condition, Event, Barrier):
    _cls.__module__ = "multiprocessing.synchronize"

BrokenBarrierError = _threading.BrokenBarrierError


# ---- queues ----


class _Channel(_Shared):
    """Messages on their way."""

    def __init__(self, capacity=0):
        self.sync = _QueueSync(capacity)
        self.items = _deque()


class _Queue:
    def __init__(self, maxsize=0, *, ctx=None):
        self._maxsize = maxsize
        self._channel = _Channel(max(maxsize, 0))
        self._closed = False

    def _check(self):
        if self._closed:
            raise ValueError(f"Queue {self!r} is closed")

    def put(self, obj, block=True, timeout=None):
        self._check()
        try:
            message = _pickle.dumps(obj)
        except Exception as e:
            # In CPython the thread that feeds the pipe finds out, and drops it.
            _write_error(_exception_text(e))
            return
        self._channel.sync.put(self._channel.items, message, block, _seconds(timeout))

    def get(self, block=True, timeout=None):
        self._check()
        return _pickle.loads(self._channel.sync.get(self._channel.items, block, _seconds(timeout)))

    def put_nowait(self, obj):
        return self.put(obj, False)

    def get_nowait(self):
        return self.get(False)

    def qsize(self):
        return self._channel.sync.size()

    def empty(self):
        return not self._channel.sync.size()

    def full(self):
        return 0 < self._maxsize <= self._channel.sync.size()

    def close(self):
        self._closed = True

    def join_thread(self):
        assert self._closed, f"Queue {self!r} not closed"

    def cancel_join_thread(self):
        pass

    def __reduce__(self):
        _inherited_only("Queue")
        return (_rebuilt, (type(self), dict(self.__dict__)))

    def __class_getitem__(cls, item):
        return cls


class _JoinableQueue(_Queue):
    def task_done(self):
        self._channel.sync.task_done()

    def join(self):
        self._channel.sync.join()


class _SimpleQueue:
    def __init__(self, *, ctx=None):
        self._channel = _Channel()
        self._closed = False

    def _check(self):
        if self._closed:
            raise OSError("handle is closed")

    def put(self, obj):
        self._check()
        self._channel.sync.put(self._channel.items, _pickle.dumps(obj), True, None)

    def get(self):
        self._check()
        return _pickle.loads(self._channel.sync.get(self._channel.items, True, None))

    def empty(self):
        return not self._channel.sync.size()

    def close(self):
        self._closed = True

    def __reduce__(self):
        _inherited_only("SimpleQueue")
        return (_rebuilt, (type(self), dict(self.__dict__)))

    def __class_getitem__(cls, item):
        return cls


for _cls, _name in ((_Queue, "Queue"), (_JoinableQueue, "JoinableQueue"), (_SimpleQueue, "SimpleQueue")):
    _cls.__module__ = "multiprocessing.queues"
    _cls.__name__ = _cls.__qualname__ = _name

Queue = _Queue
JoinableQueue = _JoinableQueue
SimpleQueue = _SimpleQueue


# ---- pipes ----

_open = []


class _End(_Channel):
    """One direction of a pipe: its messages, and how many connections of all processes lead to each end of it."""

    def __init__(self):
        _Channel.__init__(self)
        self.readers = 0
        self.writers = 0


class Connection:
    def __init__(self, incoming, outgoing, gate):
        self._in = incoming
        self._out = outgoing
        self._gate = gate
        self._closed = False
        _open.append(self)

    def _acquire(self):
        """One connection more. Forks count those of the child themselves."""
        if self._in is not None:
            self._in.readers += 1
        if self._out is not None:
            self._out.writers += 1

    def _release(self):
        """One connection less. When no writer is left readers find the end, and without readers there is nothing to write to."""
        self._gate.sync.clear()
        self._closed = True
        if self in _open:
            _open.remove(self)
        if self._out is not None:
            self._out.writers -= 1
        if self._in is not None:
            self._in.readers -= 1
        if self._out is not None and self._out.writers == 0:
            self._out.sync.shutdown(self._out.items, False)
        if self._in is not None and self._in.readers == 0 and self._in.writers > 0:
            self._in.sync.shutdown(self._in.items, True)

    def _check(self, end, what):
        if self._closed:
            raise OSError("handle is closed")
        if end is None:
            raise OSError(f"connection is {what}-only")

    @property
    def closed(self):
        return self._closed

    @property
    def readable(self):
        return self._in is not None

    @property
    def writable(self):
        return self._out is not None

    def fileno(self):
        self._check(self._in or self._out, "")
        return 3 + _open.index(self)

    def close(self):
        if not self._closed:
            self._release()

    def send(self, obj):
        self._check(self._out, "read")
        message = _pickle.dumps(obj)
        try:
            self._out.sync.put(self._out.items, message, True, None)
        except _ShutDown:
            raise BrokenPipeError(32, "Broken pipe") from None

    def recv(self):
        self._check(self._in, "write")
        try:
            message = self._in.sync.get(self._in.items, True, None)
        except _ShutDown:
            raise EOFError from None
        return _pickle.loads(message)

    def send_bytes(self, buf, offset=0, size=None):
        data = bytes(buf)
        self.send(data[offset:] if size is None else data[offset:offset + size])

    def recv_bytes(self, maxlength=None):
        return self.recv()

    def poll(self, timeout=0.0):
        self._check(self._in, "write")
        return self._in.sync.poll(timeout is None or timeout > 0, _seconds(timeout))

    def __enter__(self):
        return self

    def __exit__(self, exc_type, exc_value, exc_tb):
        self.close()

    def __eq__(self, other):
        return self is other

    def __hash__(self):
        return id(self)

    def __reduce__(self):
        # From now on there is one more, on its way to whoever gets it.
        self._acquire()
        return (Connection, (self._in, self._out, self._gate))

    def __repr__(self):
        return f"<multiprocessing.connection.Connection object at {id(self):#x}>"


Connection.__module__ = "multiprocessing.connection"
from queue import ShutDown as _ShutDown


def Pipe(duplex=True):
    there, gate = _End(), _Memory()
    if duplex:
        back = _End()
        ends = Connection(back, there, gate), Connection(there, back, gate)
    else:
        ends = Connection(there, None, gate), Connection(None, there, gate)
    for end in ends:
        end._acquire()
    return ends


# ---- the rest ----


def Value(typecode_or_type, *args, lock=True):
    from multiprocessing.sharedctypes import Value

    return Value(typecode_or_type, *args, lock=lock)


def Array(typecode_or_type, size_or_initializer, *, lock=True):
    from multiprocessing.sharedctypes import Array

    return Array(typecode_or_type, size_or_initializer, lock=lock)


def RawValue(typecode_or_type, *args):
    from multiprocessing.sharedctypes import RawValue

    return RawValue(typecode_or_type, *args)


def RawArray(typecode_or_type, size_or_initializer):
    from multiprocessing.sharedctypes import RawArray

    return RawArray(typecode_or_type, size_or_initializer)


def Manager():
    from multiprocessing.managers import SyncManager

    manager = SyncManager()
    manager.start()
    return manager


def Pool(processes=None, initializer=None, initargs=(), maxtasksperchild=None):
    from multiprocessing.pool import Pool

    return Pool(processes, initializer, initargs, maxtasksperchild)


def cpu_count():
    import os

    return os.cpu_count()


def freeze_support():
    pass


def allow_connection_pickling():
    pass


def set_executable(executable):
    pass


def set_forkserver_preload(module_names):
    pass


def get_logger():
    import logging

    return logging.getLogger("multiprocessing")


def log_to_stderr(level=None):
    _not_supported("multiprocessing.log_to_stderr() is not supported")


def get_start_method(allow_none=False):
    if _method[0] is None and not allow_none:
        _method[0] = "fork"
    return _method[0]


def get_all_start_methods():
    return ["fork", "spawn", "forkserver"]


def set_start_method(method, force=False):
    if _method[0] is not None and not force:
        raise RuntimeError("context has already been set")
    if method is not None:
        get_context(method)
    _method[0] = method


class BaseContext:
    """Everything that `multiprocessing` has, with processes that start in one way."""

    ProcessError = ProcessError
    BufferTooShort = BufferTooShort
    TimeoutError = TimeoutError
    AuthenticationError = AuthenticationError
    _name = None

    current_process = staticmethod(current_process)
    parent_process = staticmethod(parent_process)
    active_children = staticmethod(active_children)
    cpu_count = staticmethod(cpu_count)
    freeze_support = staticmethod(freeze_support)
    Lock, RLock, Semaphore, BoundedSemaphore = Lock, RLock, Semaphore, BoundedSemaphore
    Condition, Event, Barrier = Condition, Event, Barrier
    Queue, JoinableQueue, SimpleQueue = Queue, JoinableQueue, SimpleQueue
    Pipe = staticmethod(Pipe)
    Value, Array = staticmethod(Value), staticmethod(Array)
    RawValue, RawArray = staticmethod(RawValue), staticmethod(RawArray)
    Manager = staticmethod(Manager)
    get_all_start_methods = staticmethod(get_all_start_methods)

    def Pool(self, processes=None, initializer=None, initargs=(), maxtasksperchild=None):
        from multiprocessing.pool import Pool

        return Pool(processes, initializer, initargs, maxtasksperchild, self)

    def get_context(self, method=None):
        return self if method is None else get_context(method)

    def get_start_method(self, allow_none=False):
        return self._name

    def set_start_method(self, method, force=False):
        raise ValueError("cannot set start method of concrete context")


class ForkProcess(BaseProcess):
    def _method(self):
        return "fork"


class SpawnProcess(BaseProcess):
    def _method(self):
        return "spawn"


class ForkServerProcess(BaseProcess):
    # What the server forks was imported as a spawned process imports it: only who starts it differs, which no program sees.
    def _method(self):
        return "forkserver"


class ForkContext(BaseContext):
    _name = "fork"
    Process = ForkProcess


class SpawnContext(BaseContext):
    _name = "spawn"
    Process = SpawnProcess


class ForkServerContext(BaseContext):
    _name = "forkserver"
    Process = ForkServerProcess


for _cls in (
    BaseContext, ForkProcess, SpawnProcess, ForkServerProcess, ForkContext, SpawnContext, ForkServerContext,
):
    _cls.__module__ = "multiprocessing.context"

_contexts = {"fork": ForkContext(), "spawn": SpawnContext(), "forkserver": ForkServerContext()}


def get_context(method=None):
    if method is None:
        method = get_start_method()
    if method not in _contexts:
        raise ValueError(f"cannot find context for {method!r}") from None
    return _contexts[method]
