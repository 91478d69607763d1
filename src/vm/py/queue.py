"""Queues between threads."""

from _raddle import refuse as _not_supported
from _raddle import Empty, Full, QueueSync as _QueueSync, ShutDown
from _raddle import deque

try:
    from types import GenericAlias as _GenericAlias
except ImportError:
    _GenericAlias = None

__all__ = ["Empty", "Full", "ShutDown", "Queue", "PriorityQueue", "LifoQueue", "SimpleQueue"]


class _Mutex:
    """`queue.mutex`: who holds it keeps everybody else out of the queue."""

    def __init__(self, queue):
        self._queue = queue

    def acquire(self, blocking=True, timeout=-1):
        return self._queue._sync.occupy(blocking, timeout)

    def release(self):
        self._queue._sync.vacate(self._queue._qsize(), False)

    def locked(self):
        return self._queue._sync.busy

    def __enter__(self):
        return self._queue._sync.occupy(True, -1)

    def __exit__(self, *exc):
        self._queue._sync.vacate(self._queue._qsize(), False)


class Queue:
    _put_kind = 0

    def __init__(self, maxsize=0):
        self.maxsize = maxsize
        self._init(maxsize)
        self._sync = _QueueSync(maxsize)
        cls = type(self)
        base = _base_of(cls)
        self._kind = base._kind_number
        if (
            cls._put is not base._put
            or cls._get is not base._get
            or cls._qsize is not base._qsize
            or cls._init is not base._init
        ):
            self._kind = 2

    _kind_number = 0

    @property
    def mutex(self):
        return _Mutex(self)

    @property
    def unfinished_tasks(self):
        return self._sync.unfinished

    @property
    def is_shutdown(self):
        return self._sync.is_shutdown

    @property
    def not_empty(self):
        _not_supported("the conditions inside a Queue cannot be used (not_empty)")

    @property
    def not_full(self):
        _not_supported("the conditions inside a Queue cannot be used (not_full)")

    @property
    def all_tasks_done(self):
        _not_supported("the conditions inside a Queue cannot be used (all_tasks_done)")

    def put(self, item, block=True, timeout=None):
        kind = self._kind
        if self.maxsize <= 0:
            timeout = None
        if kind == 0:
            self._sync.put(self.queue, item, block, timeout)
        elif kind == 1:
            self._sync.put_heap(self.queue, item, block, timeout)
        else:
            self._sync.enter_put(block, timeout)
            try:
                self._put(item)
                size = self._qsize()
            except BaseException:
                self._sync.vacate(self._qsize(), True)
                raise
            self._sync.vacate(size, False)

    def get(self, block=True, timeout=None):
        kind = self._kind
        if kind == 0:
            return self._sync.get(self.queue, block, timeout)
        if kind == 1:
            return self._sync.get_heap(self.queue, block, timeout)
        self._sync.enter_get(block, timeout)
        try:
            return self._get()
        finally:
            self._sync.vacate(self._qsize(), False)

    def put_nowait(self, item):
        return self.put(item, block=False)

    def get_nowait(self):
        return self.get(block=False)

    def task_done(self):
        self._sync.task_done()

    def join(self):
        self._sync.join()

    def qsize(self):
        return self._sync.size()

    def empty(self):
        return not self._sync.size()

    def full(self):
        return 0 < self.maxsize <= self._sync.size()

    def shutdown(self, immediate=False):
        self._sync.shutdown(self.queue, immediate)

    # A subclass may override these: they run while nobody else can enter the queue.

    def _init(self, maxsize):
        self.queue = deque()

    def _qsize(self):
        return len(self.queue)

    def _put(self, item):
        self.queue.append(item)

    def _get(self):
        return self.queue.popleft()

    def __class_getitem__(cls, item):
        return _GenericAlias(cls, item) if _GenericAlias else cls


class PriorityQueue(Queue):
    _kind_number = 1

    def _init(self, maxsize):
        self.queue = []

    def _qsize(self):
        return len(self.queue)

    def _put(self, item):
        import heapq

        heapq.heappush(self.queue, item)

    def _get(self):
        import heapq

        return heapq.heappop(self.queue)


class LifoQueue(Queue):
    def _init(self, maxsize):
        self.queue = []

    def _qsize(self):
        return len(self.queue)

    def _put(self, item):
        self.queue.append(item)

    def _get(self):
        return self.queue.pop()


def _base_of(cls):
    for base in cls.__mro__:
        if base is Queue or base is PriorityQueue or base is LifoQueue:
            return base


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
