# ---- threads, exceptions that nobody handled, and the main program ----

import _raddle
from _raddle import begin_exit as _begin_exit
from _raddle import wait_for_threads as _wait_for_threads


# -- synchronisation objects whose methods call the program's code --


def _condition_wait_for(condition, predicate, timeout):
    result = predicate()
    if result:
        return result
    if timeout is None:
        while not result:
            condition.wait()
            result = predicate()
        return result
    end = _raddle.clock_now() + int(timeout * 1000000000)
    while not result:
        left = end - _raddle.clock_now()
        if left <= 0:
            break
        told = condition.wait(left / 1000000000)
        result = predicate()
        if not told:
            break
    return result


# Conditions over objects that are no locks of raddle's own. The guard is held from where a waiter looks at the lock to where it is
# registered, so that nobody can notify between; in the kernel the guard is the condition's lock.


def _foreign_condition(condition, lock):
    lock.acquire
    lock.release
    return _raddle.condition_over(condition, lock, _raddle.lock())


def _foreign_lock(condition):
    return _raddle.condition_parts(condition)[0]


def _foreign_acquire(condition, blocking, timeout):
    acquire = _foreign_lock(condition).acquire
    if timeout is NotImplemented:
        return acquire() if blocking is NotImplemented else acquire(blocking)
    return acquire(timeout=timeout) if blocking is NotImplemented else acquire(blocking, timeout)


def _foreign_release(condition):
    return _foreign_lock(condition).release()


def _foreign_enter(condition):
    return _foreign_lock(condition).__enter__()


def _foreign_exit(condition, *exc):
    return _foreign_lock(condition).__exit__(*exc)


def _foreign_owned(condition):
    lock = _foreign_lock(condition)
    is_owned = getattr(lock, "_is_owned", None)
    if is_owned is not None:
        return is_owned()
    if lock.acquire(False):
        lock.release()
        return False
    return True


def _foreign_wait(condition, timeout):
    if not condition._is_owned():
        raise RuntimeError("cannot wait on un-acquired lock")
    lock, guard = _raddle.condition_parts(condition)
    release = getattr(lock, "_release_save", lock.release)
    restore = getattr(lock, "_acquire_restore", None)
    guard.acquire()
    try:
        saved = release()
    except BaseException:
        guard.release()
        raise
    try:
        return _raddle.condition_wait(condition, timeout)
    finally:
        guard.release()
        if restore is None:
            lock.acquire()
        else:
            restore(saved)


def _foreign_notify(condition, n):
    if not condition._is_owned():
        raise RuntimeError("cannot notify on un-acquired lock")
    guard = _raddle.condition_parts(condition)[1]
    guard.acquire()
    _raddle.condition_notify(condition, n)
    guard.release()


def _condition_notify_all_old(condition):
    _raddle.deprecated("notifyAll() is deprecated, use notify_all() instead")
    condition.notify_all()


def _event_is_set_old(event):
    _raddle.deprecated("isSet() is deprecated, use is_set() instead")
    return event.is_set()


def _barrier_action(barrier, action, index):
    try:
        action()
    except BaseException:
        _raddle.Barrier.abort(barrier)
        raise
    _raddle.Barrier._open(barrier)
    return index


# -- heaps of queues, while the queue is occupied --


def _heap_rise(heap, at):
    item = heap[at]
    while at > 0:
        parent = (at - 1) >> 1
        above = heap[parent]
        if not item < above:
            break
        heap[at] = above
        at = parent
    heap[at] = item


def _heap_sink(heap, at):
    end = len(heap)
    item = heap[at]
    start = at
    child = 2 * at + 1
    while child < end:
        right = child + 1
        if right < end and not heap[child] < heap[right]:
            child = right
        heap[at] = heap[child]
        at = child
        child = 2 * at + 1
    while at > start:
        parent = (at - 1) >> 1
        above = heap[parent]
        if not item < above:
            break
        heap[at] = above
        at = parent
    heap[at] = item


def _queue_push(sync, heap, item):
    heap.append(item)
    try:
        _heap_rise(heap, len(heap) - 1)
    except BaseException:
        sync.vacate(len(heap), True)
        raise
    sync.vacate(len(heap), False)


def _queue_pop(sync, heap):
    item = heap.pop()
    try:
        if heap:
            item, heap[0] = heap[0], item
            _heap_sink(heap, 0)
    finally:
        sync.vacate(len(heap), False)
    return item


# -- exceptions as text --


def _safe_text(value, what):
    try:
        return str(value)
    except Exception:
        return "<" + what + " str() failed>"


def _note_texts(exception):
    notes = _raddle.exception_notes(exception)
    if notes is None:
        return []
    if isinstance(notes, (list, tuple)):
        return [_safe_text(note, "note") for note in notes]
    return [repr(notes)]


def _exception_only(exception):
    return _raddle.exception_only(exception, _safe_text(exception, "exception"), _note_texts(exception))


def _last_line(exception):
    text = _raddle.exception_only(exception, _safe_text(exception, "exception"), [])
    return text[:-1]


def _write_error(text):
    """To `sys.stderr`, which the program may have replaced."""
    stream = _raddle.module_value("sys", "stderr")
    if stream is None or stream is _raddle.module_value("sys", "__stderr__"):
        _raddle_write(2, text)
    else:
        stream.write(text)


def _report_exception(exception):
    """What `sys.excepthook` does, or the program's own."""
    hook = _raddle.module_value("sys", "excepthook")
    if hook is None or hook is _raddle.module_value("sys", "__excepthook__"):
        _write_error(_exception_text(exception))
        return
    try:
        hook(type(exception), exception, exception.__traceback__)
    except Exception as failed:
        _write_error("Error in sys.excepthook:\n" + _exception_text(failed))
        _write_error("\nOriginal exception was:\n" + _exception_text(exception))


# -- files --


def open(file, mode="r", buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None):
    import _files

    return _files.open(file, mode)


# -- the main program --


def _exit_by(exit):
    code = exit.code
    if code is None:
        _raddle.main_exited(0)
    elif isinstance(code, int):
        _raddle.main_exited(int(code))
    else:
        _raddle.main_exited(1)
        _write_error(_safe_text(code, "exception") + "\n")


def _main():
    _raddle.syntax_warnings()
    try:
        _raddle_run_main()
    except SystemExit as exit:
        _exit_by(exit)
    except BaseException as exception:
        _raddle.main_raised(_last_line(exception))
        _report_exception(exception)
    calls = _begin_exit()
    if calls is not None:
        calls()
    calls = _wait_for_threads()
    if calls is not None:
        calls()
