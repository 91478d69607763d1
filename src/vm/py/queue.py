"""Queues between threads.

A queue is a counter of the kernel's (`QueueSync`), so that each call is one step. Where the program touches what is inside of
queues, they are *unsealed*: calls take the mutex, wait at the conditions and notify as CPython's do, step by step, so that what the
program does there has the effect it has in CPython.

All queues of a program are unsealed that names the mutex or a condition of one, and those of classes with a `_put` or `_get` of their
own. A queue whose `queue` or `unfinished_tasks` is touched becomes so at that moment; calls that wait in it then look again.
"""

from _raddle import Condition as _Condition
from _raddle import Empty, Full, QueueSync as _QueueSync, ShutDown
from _raddle import clock_now as _clock_now, deque, lock as _Lock, program_reads as _program_reads

try:
    from types import GenericAlias as _GenericAlias
except ImportError:
    _GenericAlias = None

__all__ = ["Empty", "Full", "ShutDown", "Queue", "PriorityQueue", "LifoQueue", "SimpleQueue"]

# How a queue keeps its items, or that it is unsealed.
_IN_LINE = 0
_IN_ORDER = 1
_UNSEALED = 2

_ALL_UNSEALED = _program_reads("mutex", "not_empty", "not_full", "all_tasks_done")


class _Inside:
    """What an unsealed queue is made of."""

    def __init__(self, unfinished, shut):
        self.mutex = _Lock()
        self.not_empty = _Condition(self.mutex)
        self.not_full = _Condition(self.mutex)
        self.all_tasks_done = _Condition(self.mutex)
        self.unfinished = unfinished
        self.shut = shut


class Queue:
    _kept = _IN_LINE
    _sync = _inside = None

    def __init__(self, maxsize=0):
        self.maxsize = maxsize
        self._init(maxsize)
        cls = type(self)
        base = _base_of(cls)
        if (
            not _ALL_UNSEALED
            and cls._put is base._put
            and cls._get is base._get
            and cls._qsize is base._qsize
            and cls._init is base._init
        ):
            self._sync = _QueueSync(maxsize)
            self._kind = base._kept
        else:
            self._sync = None
            self._kind = _UNSEALED
            self._inside = _Inside(0, False)

    def _unsealed(self):
        """Its inside, which it has from now on."""
        if self._inside is None:
            sync = self._sync
            if sync is None:
                # Not made yet: `_init` runs.
                return None
            if sync.unseal():
                self._inside = _Inside(sync.unfinished, sync.is_shutdown)
                self._kind = _UNSEALED
        return self._inside

    @property
    def mutex(self):
        return self._unsealed().mutex

    @property
    def not_empty(self):
        return self._unsealed().not_empty

    @property
    def not_full(self):
        return self._unsealed().not_full

    @property
    def all_tasks_done(self):
        return self._unsealed().all_tasks_done

    @property
    def queue(self):
        self._unsealed()
        return self._items

    @queue.setter
    def queue(self, items):
        self._unsealed()
        self._items = items

    @property
    def unfinished_tasks(self):
        return self._sync.unfinished if self._inside is None else self._inside.unfinished

    @unfinished_tasks.setter
    def unfinished_tasks(self, count):
        self._unsealed().unfinished = count

    @property
    def is_shutdown(self):
        return self._sync.is_shutdown if self._inside is None else self._inside.shut

    @is_shutdown.setter
    def is_shutdown(self, shut):
        self._unsealed().shut = shut

    def put(self, item, block=True, timeout=None):
        kind = self._kind
        if self.maxsize <= 0:
            timeout = None
        since = None if timeout is None else _clock_now()
        if kind == _IN_LINE:
            if self._sync.put(self._items, item, block, timeout) is None:
                return
        elif kind == _IN_ORDER:
            if self._sync.put_heap(self._items, item, block, timeout) is None:
                return
        self._put_inside(item, block, timeout, since)

    def get(self, block=True, timeout=None):
        kind = self._kind
        since = None if timeout is None else _clock_now()
        if kind == _IN_LINE:
            item = self._sync.get(self._items, block, timeout)
            if item is not self._sync:
                return item
        elif kind == _IN_ORDER:
            item = self._sync.get_heap(self._items, block, timeout)
            if item is not self._sync:
                return item
        return self._get_inside(block, timeout, since)

    def put_nowait(self, item):
        return self.put(item, block=False)

    def get_nowait(self):
        return self.get(block=False)

    def task_done(self):
        if self._kind == _UNSEALED or self._sync.task_done() is not None:
            self._task_done_inside()

    def join(self):
        if self._kind == _UNSEALED or self._sync.join() is not None:
            self._join_inside()

    def qsize(self):
        if self._kind != _UNSEALED:
            size = self._sync.size()
            if size is not NotImplemented:
                return size
        with self._inside.mutex:
            return self._qsize()

    def empty(self):
        return not self.qsize()

    def full(self):
        return 0 < self.maxsize <= self.qsize()

    def shutdown(self, immediate=False):
        if self._kind == _UNSEALED or self._sync.shutdown(self._items, immediate) is not None:
            self._shutdown_inside(immediate)

    # The same when the queue is unsealed.

    def _put_inside(self, item, block, timeout, since):
        inside = self._inside
        with inside.not_full:
            if inside.shut:
                raise ShutDown
            if self.maxsize > 0:
                if not block:
                    if self._qsize() >= self.maxsize:
                        raise Full
                else:
                    end = _end_of(timeout, since)
                    while self._qsize() >= self.maxsize:
                        inside.not_full.wait(_left(end, Full))
                        if inside.shut:
                            raise ShutDown
            self._put(item)
            inside.unfinished += 1
            inside.not_empty.notify()

    def _get_inside(self, block, timeout, since):
        inside = self._inside
        with inside.not_empty:
            if inside.shut and not self._qsize():
                raise ShutDown
            if not block:
                if not self._qsize():
                    raise Empty
            else:
                end = _end_of(timeout, since)
                while not self._qsize():
                    inside.not_empty.wait(_left(end, Empty))
                    if inside.shut and not self._qsize():
                        raise ShutDown
            item = self._get()
            inside.not_full.notify()
            return item

    def _task_done_inside(self):
        inside = self._inside
        with inside.all_tasks_done:
            left = inside.unfinished - 1
            if left <= 0:
                if left < 0:
                    raise ValueError("task_done() called too many times")
                inside.all_tasks_done.notify_all()
            inside.unfinished = left

    def _join_inside(self):
        inside = self._inside
        with inside.all_tasks_done:
            while inside.unfinished:
                inside.all_tasks_done.wait()

    def _shutdown_inside(self, immediate):
        inside = self._inside
        with inside.mutex:
            inside.shut = True
            if immediate:
                while self._qsize():
                    self._get()
                    if inside.unfinished > 0:
                        inside.unfinished -= 1
                inside.all_tasks_done.notify_all()
            inside.not_empty.notify_all()
            inside.not_full.notify_all()

    # A subclass may override these: they run while it holds the mutex.

    def _init(self, maxsize):
        self._items = deque()

    def _qsize(self):
        return len(self._items)

    def _put(self, item):
        self._items.append(item)

    def _get(self):
        return self._items.popleft()

    def __class_getitem__(cls, item):
        return _GenericAlias(cls, item) if _GenericAlias else cls


class PriorityQueue(Queue):
    _kept = _IN_ORDER

    def _init(self, maxsize):
        self._items = []

    def _qsize(self):
        return len(self._items)

    def _put(self, item):
        import heapq

        heapq.heappush(self._items, item)

    def _get(self):
        import heapq

        return heapq.heappop(self._items)


class LifoQueue(Queue):
    def _init(self, maxsize):
        self._items = []

    def _qsize(self):
        return len(self._items)

    def _put(self, item):
        self._items.append(item)

    def _get(self):
        return self._items.pop()


def _base_of(cls):
    for base in cls.__mro__:
        if base is Queue or base is PriorityQueue or base is LifoQueue:
            return base


def _end_of(timeout, since):
    """When a wait is over, in nanoseconds."""
    if timeout is None:
        return None
    if timeout < 0:
        raise ValueError("'timeout' must be a non-negative number")
    return since + int(timeout * 1000000000)


def _left(end, failure):
    """The seconds that are left."""
    if end is None:
        return None
    left = end - _clock_now()
    if left <= 0:
        raise failure
    return left / 1000000000


class SimpleQueue:
    def __init__(self):
        self._items = deque()
        self._sync = _QueueSync(0)

    def put(self, item, block=True, timeout=None):
        self._sync.put(self._items, item, True, None)

    def put_nowait(self, item):
        self._sync.put(self._items, item, True, None)

    def get(self, block=True, timeout=None):
        return self._sync.get(self._items, block, timeout)

    def get_nowait(self):
        return self._sync.get(self._items, False, None)

    def qsize(self):
        return self._sync.size()

    def empty(self):
        return not self._sync.size()

    def __repr__(self):
        return f"<_queue.SimpleQueue object at {id(self):#x}>"

    def __class_getitem__(cls, item):
        return _GenericAlias(cls, item) if _GenericAlias else cls
