"""Pools of threads. Those of processes are in `concurrent.futures.process`, which adds itself where a program mentions them."""

import threading
from _raddle import (
    Condition as _Condition,
    clock_now as _now,
    task_failed as _task_failed,
    task_looked_at as _task_looked_at,
    task_place as _task_place,
)
from queue import SimpleQueue as _SimpleQueue, Empty as _Empty

__all__ = ["FIRST_COMPLETED", "FIRST_EXCEPTION", "ALL_COMPLETED", "CancelledError", "TimeoutError",
           "InvalidStateError", "BrokenExecutor", "Future", "Executor", "wait", "as_completed", "ThreadPoolExecutor"]

FIRST_COMPLETED = "FIRST_COMPLETED"
FIRST_EXCEPTION = "FIRST_EXCEPTION"
ALL_COMPLETED = "ALL_COMPLETED"

PENDING = "PENDING"
RUNNING = "RUNNING"
CANCELLED = "CANCELLED"
CANCELLED_AND_NOTIFIED = "CANCELLED_AND_NOTIFIED"
FINISHED = "FINISHED"
_SHOWN = {PENDING: "pending", RUNNING: "running", CANCELLED: "cancelled", CANCELLED_AND_NOTIFIED: "cancelled",
          FINISHED: "finished"}

TimeoutError = TimeoutError


class Error(Exception):
    pass


class CancelledError(Error):
    pass


class InvalidStateError(Error):
    pass


class BrokenExecutor(RuntimeError):
    pass


for _e in (Error, CancelledError, InvalidStateError):
    _e.__module__ = "concurrent.futures._base"


class Future:
    """The result of a call that may not be there yet. Each look at it and each change of it is under its condition."""

    def __init__(self):
        self._condition = _Condition()
        self._state = PENDING
        self._result = None
        self._exception = None
        self._waiters = []
        self._done_callbacks = []
        self._failure = None

    def __repr__(self):
        text = f"<{self.__class__.__name__} at {id(self):#x} state={_SHOWN[self._state]}"
        if self._state == FINISHED:
            if self._exception:
                text += f" raised {self._exception.__class__.__name__}"
            else:
                text += f" returned {self._result.__class__.__name__}"
        return text + ">"

    def _invoke_callbacks(self):
        for callback in self._done_callbacks:
            self._call(callback)

    def _call(self, fn):
        try:
            fn(self)
        except Exception as e:
            import traceback

            traceback._write_error(f"exception calling callback for {self!r}\n" + traceback._text(e))

    def cancel(self):
        with self._condition:
            if self._state in (RUNNING, FINISHED):
                return False
            if self._state in (CANCELLED, CANCELLED_AND_NOTIFIED):
                return True
            self._state = CANCELLED
            self._condition.notify_all()
        self._invoke_callbacks()
        return True

    def cancelled(self):
        with self._condition:
            return self._state in (CANCELLED, CANCELLED_AND_NOTIFIED)

    def running(self):
        with self._condition:
            return self._state == RUNNING

    def done(self):
        with self._condition:
            return self._state in (CANCELLED, CANCELLED_AND_NOTIFIED, FINISHED)

    def add_done_callback(self, fn):
        with self._condition:
            if self._state not in (CANCELLED, CANCELLED_AND_NOTIFIED, FINISHED):
                self._done_callbacks.append(fn)
                return
        self._call(fn)

    def _is_there(self):
        if self._failure is not None:
            _task_looked_at(self._failure)
            self._failure = None
        if self._state in (CANCELLED, CANCELLED_AND_NOTIFIED):
            raise CancelledError()
        return self._state == FINISHED

    def _outcome(self):
        if self._exception is not None:
            try:
                raise self._exception
            finally:
                self = None
        return self._result

    def result(self, timeout=None):
        with self._condition:
            if not self._is_there():
                self._condition.wait(timeout)
                if not self._is_there():
                    raise TimeoutError()
        return self._outcome()

    def exception(self, timeout=None):
        with self._condition:
            if not self._is_there():
                self._condition.wait(timeout)
                if not self._is_there():
                    raise TimeoutError()
            return self._exception

    def set_running_or_notify_cancel(self):
        with self._condition:
            if self._state == CANCELLED:
                self._state = CANCELLED_AND_NOTIFIED
                for waiter in self._waiters:
                    waiter.add(self)
                return False
            if self._state == PENDING:
                self._state = RUNNING
                return True
            raise RuntimeError("Future in unexpected state")

    def set_result(self, result):
        with self._condition:
            if self._state in (CANCELLED, CANCELLED_AND_NOTIFIED, FINISHED):
                raise InvalidStateError(f"{self._state}: {self!r}")
            self._result = result
            self._state = FINISHED
            for waiter in self._waiters:
                waiter.add(self)
            self._condition.notify_all()
        self._invoke_callbacks()

    def set_exception(self, exception):
        with self._condition:
            if self._state in (CANCELLED, CANCELLED_AND_NOTIFIED, FINISHED):
                raise InvalidStateError(f"{self._state}: {self!r}")
            self._exception = exception
            self._state = FINISHED
            for waiter in self._waiters:
                waiter.add(self)
            self._condition.notify_all()
        self._invoke_callbacks()

    def __class_getitem__(cls, item):
        return cls


Future.__module__ = "concurrent.futures._base"


class _Waiter:
    """Somebody who waits for several futures."""

    def __init__(self, pending, stop):
        self.event = threading.Event()
        self.finished = []
        self._left = pending
        self._stop = stop

    def add(self, future):
        self.finished.append(future)
        self._left -= 1
        failed = future._state == FINISHED and future._exception is not None
        if self._stop == FIRST_COMPLETED or self._left == 0 or (self._stop == FIRST_EXCEPTION and failed):
            self.event.set()


class DoneAndNotDoneFutures(tuple):
    done = property(lambda self: self[0])
    not_done = property(lambda self: self[1])

    def __repr__(self):
        return f"DoneAndNotDoneFutures(done={self[0]!r}, not_done={self[1]!r})"


_OVER = (CANCELLED_AND_NOTIFIED, FINISHED)


def wait(fs, timeout=None, return_when=ALL_COMPLETED):
    fs = set(fs)
    order = list(fs)
    done = {f for f in order if f._state in _OVER}
    not_done = fs - done
    if return_when == FIRST_COMPLETED and done:
        return DoneAndNotDoneFutures((done, not_done))
    if return_when == FIRST_EXCEPTION and [f for f in done if f._state == FINISHED and f._exception is not None]:
        return DoneAndNotDoneFutures((done, not_done))
    if not not_done:
        return DoneAndNotDoneFutures((done, not_done))
    if return_when not in (FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED):
        raise ValueError("Invalid return condition: %r" % return_when)
    waiter = _Waiter(len(not_done), return_when)
    for f in order:
        if f in not_done:
            f._waiters.append(waiter)
    waiter.event.wait(timeout)
    for f in not_done:
        f._waiters.remove(waiter)
    done.update(waiter.finished)
    return DoneAndNotDoneFutures((done, fs - done))


def as_completed(fs, timeout=None):
    end = None if timeout is None else _now() + int(timeout * 1000000000)
    order = []
    for f in fs:
        if f not in order:
            order.append(f)
    total = len(order)
    ready = [f for f in order if f._state in _OVER]
    pending = [f for f in order if f not in ready]
    waiter = _Waiter(-1, FIRST_COMPLETED)
    for f in pending:
        f._waiters.append(waiter)
    try:
        for f in ready:
            yield f
        while pending:
            left = None
            if end is not None:
                left = (end - _now()) / 1000000000
                if left < 0:
                    raise TimeoutError("%d (of %d) futures unfinished" % (len(pending), total))
            waiter.event.wait(left)
            # Cleared first: who adds a future after it sets the event again.
            waiter.event.clear()
            finished = waiter.finished
            waiter.finished = []
            for f in finished:
                if f in pending:
                    pending.remove(f)
                    f._waiters.remove(waiter)
                    yield f
    finally:
        for f in pending:
            if waiter in f._waiters:
                f._waiters.remove(waiter)


class Executor:
    def submit(self, fn, /, *args, **kwargs):
        raise NotImplementedError()

    def map(self, fn, *iterables, timeout=None, chunksize=1):
        end = None if timeout is None else _now() + int(timeout * 1000000000)
        fs = [self.submit(fn, *args) for args in zip(*iterables)]
        return _results(fs, end)

    def shutdown(self, wait=True, *, cancel_futures=False):
        pass

    def __enter__(self):
        return self

    def __exit__(self, exc_type, exc_val, exc_tb):
        self.shutdown(wait=True)
        return False


def _results(fs, end):
    try:
        fs.reverse()
        while fs:
            f = fs.pop()
            try:
                if end is None:
                    value = f.result()
                else:
                    value = f.result((end - _now()) / 1000000000)
            finally:
                f.cancel() if not f._state == FINISHED else None
            yield value
    finally:
        for f in fs:
            f.cancel()


class BrokenThreadPool(BrokenExecutor):
    pass


BrokenThreadPool.__module__ = "concurrent.futures.thread"


_pools = []


def _task_name(fn):
    fn = getattr(fn, "func", fn)
    return getattr(fn, "__qualname__", type(fn).__qualname__)


class _Work:
    def __init__(self, future, fn, args, kwargs):
        self.future = future
        self.fn = fn
        self.args = args
        self.kwargs = kwargs

    def run(self):
        if not begin_task(self.future):
            return
        try:
            result = self.fn(*self.args, **self.kwargs)
        except BaseException as exc:
            # Told at the end of the run if nobody asks for it.
            place = _task_place(exc)
            self.future._failure = _task_failed(_task_name(self.fn), threading.current_thread().name, exc, place)
            self.future.set_exception(exc)
            self = None
        else:
            self.future.set_result(result)


# What happens between a pool and its workers has these names in traces.


def get_task(pool, queue):
    try:
        return queue.get_nowait()
    except _Empty:
        pool._idle += 1
        return queue.get()


def begin_task(future):
    return future.set_running_or_notify_cancel()


def end_worker(queue):
    queue.put(None)


def _worker(pool):
    if pool._initializer is not None:
        try:
            pool._initializer(*pool._initargs)
        except BaseException as e:
            import traceback

            traceback._write_error("Exception in initializer:\n" + traceback._text(e))
            pool._break()
            return
    queue = pool._work_queue
    while True:
        work = get_task(pool, queue)
        if work is not None:
            work.run()
            del work
            continue
        end_worker(queue)
        return


class ThreadPoolExecutor(Executor):
    def __init__(self, max_workers=None, thread_name_prefix="", initializer=None, initargs=()):
        if max_workers is None:
            max_workers = 8
        if max_workers <= 0:
            raise ValueError("max_workers must be greater than 0")
        if initializer is not None and not callable(initializer):
            raise TypeError("initializer must be a callable")
        self._max_workers = max_workers
        self._work_queue = _SimpleQueue()
        self._idle = 0
        self._threads = []
        self._broken = False
        self._shutdown = False
        self._thread_name_prefix = thread_name_prefix or "ThreadPoolExecutor-%d" % _number()
        self._initializer = initializer
        self._initargs = initargs

    def submit(self, fn, /, *args, **kwargs):
        if self._broken:
            raise BrokenThreadPool(self._broken)
        if self._shutdown:
            raise RuntimeError("cannot schedule new futures after shutdown")
        if _at_exit:
            raise RuntimeError("cannot schedule new futures after interpreter shutdown")
        f = Future()
        self._work_queue.put(_Work(f, fn, args, kwargs))
        self._adjust()
        return f

    def _adjust(self):
        if self._idle > 0:
            self._idle -= 1
            return
        count = len(self._threads)
        if count < self._max_workers:
            name = "%s_%d" % (self._thread_name_prefix, count)
            thread = threading.Thread(name=name, target=_worker, args=(self,), daemon=False)
            thread._of_pool = True
            self._threads.append(thread)
            if self not in _pools:
                _pools.append(self)
            thread.start()

    def _break(self):
        self._broken = "A thread initializer failed, the thread pool is not usable anymore"
        while True:
            try:
                work = self._work_queue.get_nowait()
            except _Empty:
                return
            if work is not None:
                work.future.set_exception(BrokenThreadPool(self._broken))

    def shutdown(self, wait=True, *, cancel_futures=False):
        self._shutdown = True
        if cancel_futures:
            while True:
                try:
                    work = self._work_queue.get_nowait()
                except _Empty:
                    break
                if work is not None:
                    work.future.cancel()
        end_worker(self._work_queue)
        if wait:
            for t in self._threads:
                t.join()
            # Nothing is left to be done at the end of main.
            if self in _pools:
                _pools.remove(self)


ThreadPoolExecutor.__module__ = "concurrent.futures.thread"
_numbers = []
_at_exit = []


def _number():
    _numbers.append(None)
    return len(_numbers) - 1


def _python_exit():
    """At the end of main: pools finish what they have, then their threads end."""
    _at_exit.append(True)
    pools = list(_pools)
    for pool in pools:
        end_worker(pool._work_queue)
    for pool in pools:
        for thread in pool._threads:
            thread.join()


threading._register_atexit(_python_exit)
