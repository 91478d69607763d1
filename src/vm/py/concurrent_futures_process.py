"""Pools of processes."""

import _pickle
import multiprocessing as _mp
import multiprocessing.pool as _mp_pool
import os as _os
import threading as _threading
from _raddle import refuse as _not_supported
from _raddle import clock_now as _now, task_failed as _task_failed, task_place as _task_place
from concurrent import futures as _futures
from concurrent.futures import BrokenExecutor, Executor, Future, begin_task as _begin_task
from traceback import _text as _exception_text, _write_error

EXTRA_QUEUED_CALLS = 1


class BrokenProcessPool(BrokenExecutor):
    """A process of the pool ended before its time."""


class _RemoteTraceback(Exception):
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
    exc.__cause__ = _RemoteTraceback(tb)
    return exc


_WAKE = "wake"
_DIED = "died"
_DONE = "done"


class _Lifeline:
    """What a worker holds open: when it ends before it has said so, the pool is told."""

    def __init__(self, results):
        self._results = results
        self.finished = False

    def _release(self):
        if not self.finished:
            self._results.put((_DIED, None, None))


def _process_worker(tasks, results, initializer, initargs):
    line = _Lifeline(results)
    _mp._open.append(line)
    if initializer is not None:
        try:
            initializer(*initargs)
        except BaseException as e:
            _write_error("Exception in initializer:\n" + _exception_text(e))
            return
    while True:
        task = _mp_pool.get_task(tasks)
        if task is None:
            line.finished = True
            return
        work, function, args, kwargs = task
        try:
            outcome = (True, function(*args, **kwargs), None)
        except BaseException as e:
            outcome = (False, _ExceptionWithTraceback(e), (_mp.current_process().name, _task_place(e)))
        try:
            _mp_pool.put_result(results, (_DONE, work, outcome))
        except BaseException as e:
            _mp_pool.put_result(results, (_DONE, work, (False, _ExceptionWithTraceback(e), (_mp.current_process().name, None))))
        task = function = args = outcome = None


def _process_chunk(fn, chunk):
    return [fn(*args) for args in chunk]


class _Work:
    def __init__(self, future, name, message):
        self.future = future
        self.name = name
        self.message = message




class _Tasks(_mp._SimpleQueue):
    def send(self, message):
        self._channel.sync.put(self._channel.items, message, True, None)


class _Manager(_threading.Thread):
    """The thread that hands out work and takes results."""

    def __init__(self, pool):
        _threading.Thread.__init__(self)
        self._pool = pool

    def run(self):
        pool = self._pool
        while True:
            self._hand_out()
            if pool._shutdown_flag and not pool._pending and not pool._running:
                break
            kind, number, outcome = _mp_pool.get_result(pool._results)
            if kind == _DIED:
                self._broken()
                return
            if kind == _DONE:
                self._finish(pool._running.pop(number), outcome)
        for _ in pool._processes:
            pool._tasks.send(None)
        for process in pool._processes:
            process.join()

    def _hand_out(self):
        pool = self._pool
        if pool._cancel:
            for work in pool._pending:
                work.future.cancel()
                _begin_task(work.future)
            pool._pending.clear()
        while pool._pending and len(pool._running) < pool._max_workers + EXTRA_QUEUED_CALLS:
            work = pool._pending.pop(0)
            if _begin_task(work.future):
                pool._number += 1
                pool._running[pool._number] = work
                function, args, kwargs = work.message
                try:
                    message = _pickle.dumps((pool._number, function, args, kwargs))
                except Exception as e:
                    del pool._running[pool._number]
                    e.__cause__ = _RemoteTraceback('\n"""\n' + _exception_text(e) + '"""')
                    self._fail(work, e, _threading.current_thread().name, None)
                else:
                    pool._tasks.send(message)

    def _fail(self, work, exc, where, place):
        work.future._failure = _task_failed(work.name, where, exc, place)
        work.future.set_exception(exc)

    def _finish(self, work, outcome):
        success, value, place = outcome
        if success:
            work.future.set_result(value)
        else:
            self._fail(work, value, *place)

    def _broken(self):
        pool = self._pool
        pool._broken = "A child process terminated abruptly, the process pool is not usable anymore"
        why = "A process in the process pool was terminated abruptly while the future was running or pending."
        for work in list(pool._running.values()) + pool._pending:
            work.future.set_exception(BrokenProcessPool(why))
        pool._running.clear()
        pool._pending.clear()
        for process in pool._processes:
            process.terminate()
        for process in pool._processes:
            process.join()


_managers = []


def _python_exit():
    """At the end of main: pools finish what they have."""
    for manager in _managers:
        manager._pool.shutdown(wait=False)
    for manager in _managers:
        manager.join()


class ProcessPoolExecutor(Executor):
    def __init__(self, max_workers=None, mp_context=None, initializer=None, initargs=(), *, max_tasks_per_child=None):
        if max_workers is None:
            max_workers = _os.process_cpu_count() or 1
        if max_workers <= 0:
            raise ValueError("max_workers must be greater than 0")
        if initializer is not None and not callable(initializer):
            raise TypeError("initializer must be a callable")
        if max_tasks_per_child is not None:
            _not_supported("max_tasks_per_child of ProcessPoolExecutor is not supported")
        self._max_workers = max_workers
        self._mp_context = mp_context if mp_context is not None else _mp.get_context()
        self._initializer = initializer
        self._initargs = initargs
        self._manager = None
        self._processes = []
        self._shutdown_flag = False
        self._cancel = False
        self._broken = False
        self._number = 0
        self._pending = []
        self._running = {}
        self._tasks = _Tasks()
        self._results = _mp._SimpleQueue()

    def _wake(self):
        self._results.put((_WAKE, None, None))

    def _start(self):
        if self._manager is not None:
            return
        args = (self._tasks, self._results, self._initializer, self._initargs)
        for _ in range(self._max_workers):
            process = self._mp_context.Process(target=_process_worker, args=args)
            process.start()
            self._processes.append(process)
        self._manager = _Manager(self)
        _managers.append(self._manager)
        self._manager.start()

    def submit(self, fn, /, *args, **kwargs):
        if self._broken:
            raise BrokenProcessPool(self._broken)
        if self._shutdown_flag:
            raise RuntimeError("cannot schedule new futures after shutdown")
        return self._submit(_futures._task_name(fn), fn, args, kwargs)

    def _submit(self, name, fn, args, kwargs):
        future = Future()
        self._pending.append(_Work(future, name, (fn, args, kwargs)))
        self._wake()
        self._start()
        return future

    def map(self, fn, *iterables, timeout=None, chunksize=1):
        if chunksize < 1:
            raise ValueError("chunksize must be >= 1.")
        end = None if timeout is None else _now() + int(timeout * 1000000000)
        items = list(zip(*iterables))
        name = _futures._task_name(fn)
        if self._broken or self._shutdown_flag:
            self.submit(fn)
        fs = [
            self._submit(name, _process_chunk, (fn, items[at:at + chunksize]), {})
            for at in range(0, len(items), chunksize)
        ]
        return _flat(_futures._results(fs, end))

    def shutdown(self, wait=True, *, cancel_futures=False):
        self._cancel = self._cancel or cancel_futures
        self._shutdown_flag = True
        if self._manager is not None:
            self._wake()
            if wait:
                self._manager.join()


def _flat(chunks):
    for chunk in chunks:
        yield from chunk


for _cls in (BrokenProcessPool, _RemoteTraceback, ProcessPoolExecutor):
    _cls.__module__ = "concurrent.futures.process"

_futures.ProcessPoolExecutor = ProcessPoolExecutor
_futures.__all__.append("ProcessPoolExecutor")
_threading._register_atexit(_python_exit)
