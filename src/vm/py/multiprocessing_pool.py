"""Pools of processes, and of threads with the same methods."""

import _pickle
import multiprocessing as _mp
import os as _os
import queue as _queue
import threading as _threading
from _raddle import thread_number as _thread_number
from traceback import _text as _exception_text, _write_error

__all__ = ["Pool", "ThreadPool"]


class RemoteTraceback(Exception):
    """The traceback of an exception in another process, as text."""

    def __init__(self, tb):
        self.tb = tb

    def __str__(self):
        return self.tb


class _ExceptionWithTraceback:
    """An exception on its way to another process, with its traceback as the cause."""

    def __init__(self, exc):
        self.exc = exc
        self.tb = '\n"""\n' + _exception_text(exc) + '"""'

    def __reduce__(self):
        return (_with_cause, (self.exc, self.tb))


def _with_cause(exc, tb):
    exc.__cause__ = RemoteTraceback(tb)
    return exc


class MaybeEncodingError(Exception):
    def __init__(self, exc, value):
        self.exc = repr(exc)
        self.value = repr(value)
        Exception.__init__(self, self.exc, self.value)

    def __str__(self):
        return f"Error sending result: '{self.value}'. Reason: '{self.exc}'"

    def __repr__(self):
        return f"<{type(self).__name__}: {self}>"


def _each(function, chunk):
    return [function(item) for item in chunk]


def _each_star(function, chunk):
    return [function(*item) for item in chunk]


_END = "end"
_RENEW = "renew"


# What happens between a pool and its workers has these names in traces.


def get_task(tasks):
    return tasks.get()


def put_result(results, result):
    results.put(result)


def get_result(results):
    return results.get()


def set_result(self, index, outcome):
    self._set(index, outcome)


def _worker(tasks, results, initializer, initargs, limit, local):
    """What a worker does: one task after the other, till there is a `None`."""
    if initializer is not None:
        initializer(*initargs)
    done = 0
    while limit is None or done < limit:
        task = get_task(tasks)
        if task is None:
            return
        job, index, function, args, kwargs = task
        try:
            outcome = (True, function(*args, **kwargs))
        except Exception as e:
            outcome = (False, e if local else _ExceptionWithTraceback(e))
        try:
            put_result(results, (job, index, outcome))
        except Exception as e:
            failed = _ExceptionWithTraceback(MaybeEncodingError(e, outcome[1]))
            put_result(results, (job, index, (False, failed)))
        task = function = args = outcome = None
        done += 1
    put_result(results, (_RENEW, 0, None))


class Pool:
    _local = False

    def __init__(self, processes=None, initializer=None, initargs=(), maxtasksperchild=None, context=None):
        self._context = context or _mp.get_context()
        if processes is None:
            processes = _os.cpu_count() or 1
        if processes < 1:
            raise ValueError("Number of processes must be at least 1")
        if maxtasksperchild is not None:
            if not isinstance(maxtasksperchild, int) or maxtasksperchild <= 0:
                raise ValueError("maxtasksperchild must be a positive int or None")
        if initializer is not None and not callable(initializer):
            raise TypeError("initializer must be a callable")
        self._processes = processes
        self._initializer = initializer
        self._initargs = initargs
        self._limit = maxtasksperchild
        self._state = "RUN"
        self._ended = False
        self._jobs = {}
        self._next_job = 0
        self._tasks = self._queue()
        self._results = self._queue()
        self._pool = []
        for _ in range(processes):
            self._add_worker()
        # CPython has two more threads here, which look after workers and tasks.
        _thread_number(), _thread_number()
        self._handler = _threading.Thread(target=self._handle_results, daemon=True)
        self._handler.start()

    def _queue(self):
        return _mp.SimpleQueue()

    def _add_worker(self):
        worker = self._make_worker()
        self._pool.append(worker)
        worker.start()

    def _make_worker(self):
        args = (self._tasks, self._results, self._initializer, self._initargs, self._limit, False)
        worker = self._context.Process(target=_worker, args=args)
        worker.name = worker.name.replace("Process", "PoolWorker")
        worker.daemon = True
        return worker

    # ---- results ----

    def _handle_results(self):
        while True:
            job, index, outcome = get_result(self._results)
            if job == _END:
                return
            if job == _RENEW:
                self._add_worker()
                continue
            result = self._jobs.get(job)
            if result is not None:
                set_result(result, index, outcome)

    def _check_running(self):
        if self._state != "RUN":
            raise ValueError("Pool not running")

    def _begin(self, result, tasks):
        """Sends the tasks of a job: pairs of function and arguments."""
        self._next_job += 1
        job = result._job = self._next_job
        self._jobs[job] = result
        for index, (function, args, kwargs) in enumerate(tasks):
            try:
                self._tasks.put((job, index, function, args, kwargs))
            except Exception as e:
                result._set(index, (False, e))

    # ---- what programs call ----

    def apply(self, func, args=(), kwds={}):
        return self.apply_async(func, args, kwds).get()

    def apply_async(self, func, args=(), kwds={}, callback=None, error_callback=None):
        self._check_running()
        result = ApplyResult(self, callback, error_callback)
        self._begin(result, [(func, tuple(args), dict(kwds))])
        return result

    def map(self, func, iterable, chunksize=None):
        return self._map_async(func, iterable, _each, chunksize, None, None).get()

    def starmap(self, func, iterable, chunksize=None):
        return self._map_async(func, iterable, _each_star, chunksize, None, None).get()

    def map_async(self, func, iterable, chunksize=None, callback=None, error_callback=None):
        return self._map_async(func, iterable, _each, chunksize, callback, error_callback)

    def starmap_async(self, func, iterable, chunksize=None, callback=None, error_callback=None):
        return self._map_async(func, iterable, _each_star, chunksize, callback, error_callback)

    def _map_async(self, func, iterable, mapper, chunksize, callback, error_callback):
        self._check_running()
        items = list(iterable)
        if chunksize is None:
            chunksize, extra = divmod(len(items), len(self._pool) * 4)
            if extra:
                chunksize += 1
        if not items:
            chunksize = 1
        chunks = [tuple(items[at:at + chunksize]) for at in range(0, len(items), chunksize)]
        result = MapResult(self, chunksize, len(items), callback, error_callback)
        self._begin(result, [(mapper, (func, chunk), {}) for chunk in chunks])
        return result

    def imap(self, func, iterable, chunksize=1):
        return self._imap(func, iterable, chunksize, True)

    def imap_unordered(self, func, iterable, chunksize=1):
        return self._imap(func, iterable, chunksize, False)

    def _imap(self, func, iterable, chunksize, ordered):
        self._check_running()
        if chunksize < 1:
            raise ValueError("Chunksize must be 1+, not {0:n}".format(chunksize))
        items = list(iterable)
        chunks = [tuple(items[at:at + chunksize]) for at in range(0, len(items), chunksize)]
        result = IMapIterator(self, len(chunks), ordered)
        self._begin(result, [(_each, (func, chunk), {}) for chunk in chunks])
        if chunksize > 1:
            return (item for chunk in result for item in chunk)
        result._single = True
        return result

    def close(self):
        if self._state == "RUN":
            self._state = "CLOSE"
            for _ in self._pool:
                self._tasks.put(None)

    def terminate(self):
        if self._state == "TERMINATE":
            return
        self._state = "TERMINATE"
        for worker in self._pool:
            worker.terminate()
        for worker in self._pool:
            worker.join()
        self._end()

    def join(self):
        if self._state == "RUN":
            raise ValueError("Pool is still running")
        for worker in self._pool:
            worker.join()
        self._end()

    def _end(self):
        if not self._ended:
            self._ended = True
            self._results.put((_END, 0, None))
            self._handler.join()

    def __enter__(self):
        self._check_running()
        return self

    def __exit__(self, exc_type, exc_val, exc_tb):
        self.terminate()

    def __reduce__(self):
        raise NotImplementedError("pool objects cannot be passed between processes or pickled")

    def __repr__(self):
        return f"<{type(self).__module__}.{type(self).__qualname__} state={self._state} pool_size={len(self._pool)}>"


class ThreadPool(Pool):
    def __init__(self, processes=None, initializer=None, initargs=()):
        Pool.__init__(self, processes, initializer, initargs)

    def _queue(self):
        return _queue.SimpleQueue()

    def _make_worker(self):
        args = (self._tasks, self._results, self._initializer, self._initargs, None, True)
        return _threading.Thread(target=_worker, args=args, daemon=True)

    def terminate(self):
        if self._state == "TERMINATE":
            return
        # Threads cannot be killed: they stop when they come to the end of what is there.
        while True:
            try:
                self._tasks.get_nowait()
            except _queue.Empty:
                break
        if self._state == "RUN":
            self.close()
        self._state = "TERMINATE"
        self.join()


class ApplyResult:
    def __init__(self, pool, callback, error_callback):
        self._pool = pool
        self._event = _threading.Event()
        self._callback = callback
        self._error_callback = error_callback
        self._success = None
        self._value = None
        self._job = None

    def ready(self):
        return self._event.is_set()

    def successful(self):
        if not self.ready():
            raise ValueError("{0!r} not ready".format(self))
        return self._success

    def wait(self, timeout=None):
        self._event.wait(timeout)

    def get(self, timeout=None):
        if not self._event.wait(timeout):
            raise _mp.TimeoutError
        if self._success:
            return self._value
        raise self._value

    def _set(self, index, outcome):
        self._success, self._value = outcome
        self._finish()

    def _finish(self):
        callback = self._callback if self._success else self._error_callback
        if callback:
            callback(self._value)
        self._pool._jobs.pop(self._job, None)
        self._event.set()
        self._pool = None


AsyncResult = ApplyResult


class MapResult(ApplyResult):
    def __init__(self, pool, chunksize, length, callback, error_callback):
        ApplyResult.__init__(self, pool, callback, error_callback)
        self._success = True
        self._value = [None] * length
        self._chunksize = chunksize
        self._left = (length + chunksize - 1) // chunksize
        if self._left == 0:
            self._event.set()

    def _set(self, index, outcome):
        success, value = outcome
        self._left -= 1
        if success and self._success:
            self._value[index * self._chunksize:(index + 1) * self._chunksize] = value
        elif not success and self._success:
            self._success = False
            self._value = value
        if self._left == 0:
            self._finish()


class IMapIterator:
    def __init__(self, pool, length, ordered):
        self._pool = pool
        self._length = length
        self._ordered = ordered
        self._single = False
        self._taken = 0
        self._arrived = 0
        self._early = {}
        self._items = _queue.SimpleQueue()
        self._job = None

    def _set(self, index, outcome):
        if self._ordered:
            self._early[index] = outcome
            while self._arrived in self._early:
                self._items.put(self._early.pop(self._arrived))
                self._arrived += 1
        else:
            self._items.put(outcome)
            self._arrived += 1
        if self._arrived == self._length:
            self._pool._jobs.pop(self._job, None)

    def __iter__(self):
        return self

    def next(self, timeout=None):
        if self._taken == self._length:
            raise StopIteration
        try:
            success, value = self._items.get(True, timeout)
        except _queue.Empty:
            raise _mp.TimeoutError from None
        self._taken += 1
        if not success:
            raise value
        return value[0] if self._single else value

    def __next__(self):
        return self.next()
