"""Iterators over iterators."""


class count:
    def __init__(self, start=0, step=1):
        self._next = start
        self._step = step

    def __iter__(self):
        return self

    def __next__(self):
        value = self._next
        self._next = value + self._step
        return value

    def __repr__(self):
        if self._step == 1 and isinstance(self._step, int):
            return f"count({self._next!r})"
        return f"count({self._next!r}, {self._step!r})"


class repeat:
    def __init__(self, object, times=None):
        self._object = object
        self._left = None if times is None else max(times, 0)

    def __iter__(self):
        return self

    def __next__(self):
        if self._left is not None:
            if self._left == 0:
                raise StopIteration
            self._left -= 1
        return self._object

    def __length_hint__(self):
        if self._left is None:
            raise TypeError("len() of unsized object")
        return self._left

    def __repr__(self):
        if self._left is None:
            return f"repeat({self._object!r})"
        return f"repeat({self._object!r}, {self._left})"


def cycle(iterable, /):
    return _cycle(iter(iterable))


def _cycle(it):
    saved = []
    for item in it:
        saved.append(item)
        yield item
    while saved:
        for item in saved:
            yield item


class chain:
    def __new__(cls, *iterables):
        return _chained(iter(iterables))

    @classmethod
    def from_iterable(cls, iterable, /):
        return _chained(iter(iterable))


def _chained(iterables):
    for iterable in iterables:
        for item in iterable:
            yield item


def _bound(value, what):
    if value is None:
        return None
    if not hasattr(type(value), "__index__") or value < 0:
        raise ValueError(what)
    return value


def islice(iterable, *args):
    if not 1 <= len(args) <= 3:
        few = len(args) < 1
        raise TypeError(
            f"islice expected at {'least 2' if few else 'most 4'} arguments, got {len(args) + 1}"
        )
    if len(args) == 1:
        stop = _bound(args[0], "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
        start, step = 0, 1
    else:
        what = "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize."
        start = _bound(args[0], what) or 0
        stop = _bound(args[1], what)
        step = args[2] if len(args) > 2 and args[2] is not None else 1
        if not isinstance(step, int) or step < 1:
            raise ValueError("Step for islice() must be a positive integer or None.")
    return _sliced(iter(iterable), start, stop, step)


def _sliced(it, start, stop, step):
    at = 0
    want = start
    while stop is None or at < stop:
        if want >= (stop if stop is not None else want + 1):
            # Items up to the bound are taken and dropped.
            for _ in it:
                at += 1
                if at >= stop:
                    return
            return
        for item in it:
            break
        else:
            return
        if at == want:
            yield item
            want += step
        at += 1


def compress(data, selectors):
    for item, wanted in zip(data, selectors):
        if wanted:
            yield item


def dropwhile(predicate, iterable, /):
    it = iter(iterable)
    for item in it:
        if not predicate(item):
            yield item
            break
    for item in it:
        yield item


def takewhile(predicate, iterable, /):
    for item in iterable:
        if not predicate(item):
            return
        yield item


def filterfalse(predicate, iterable, /):
    for item in iterable:
        if not (item if predicate is None else predicate(item)):
            yield item


def starmap(function, iterable, /):
    for args in iterable:
        yield function(*args)


def zip_longest(*iterables, fillvalue=None):
    its = [iter(it) for it in iterables]
    left = len(its)
    while left:
        row = []
        for i in range(len(its)):
            if its[i] is not None:
                for item in its[i]:
                    row.append(item)
                    break
                else:
                    its[i] = None
                    left -= 1
                    if not left:
                        return
                    row.append(fillvalue)
            else:
                row.append(fillvalue)
        yield tuple(row)


def pairwise(iterable, /):
    it = iter(iterable)
    for last in it:
        break
    else:
        return
    for item in it:
        yield (last, item)
        last = item


_absent = object()


def accumulate(iterable, func=None, *, initial=None):
    it = iter(iterable)
    total = initial
    if initial is None:
        for total in it:
            break
        else:
            return
    yield total
    for item in it:
        total = total + item if func is None else func(total, item)
        yield total


def batched(iterable, n, *, strict=False):
    if n < 1:
        raise ValueError("n must be at least one")
    return _batches(iter(iterable), n, strict)


def _batches(it, n, strict):
    while True:
        batch = []
        for item in it:
            batch.append(item)
            if len(batch) == n:
                break
        if not batch:
            return
        if strict and len(batch) != n:
            raise ValueError("batched(): incomplete batch")
        yield tuple(batch)


class groupby:
    def __init__(self, iterable, key=None):
        self._it = iter(iterable)
        self._key = key
        self._current = _absent
        self._target = _absent
        self._value = None
        self._group = None

    def __iter__(self):
        return self

    def _advance(self):
        value = next(self._it)
        self._current = value if self._key is None else self._key(value)
        self._value = value

    def __next__(self):
        self._group = None
        while self._current is _absent or (self._target is not _absent and self._current == self._target):
            self._advance()
        self._target = self._current
        self._group = mark = object()
        return (self._current, _group(self, self._target, mark))


def _group(by, target, mark):
    while by._group is mark and by._current == target:
        yield by._value
        try:
            by._advance()
        except StopIteration:
            by._current = _absent
            return


class _Tee:
    def __init__(self, shared, at):
        self._shared = shared
        self._at = at

    def __iter__(self):
        return self

    def __next__(self):
        it, seen = self._shared
        if self._at == len(seen):
            seen.append(next(it))
        item = seen[self._at]
        self._at += 1
        return item

    def __copy__(self):
        return _Tee(self._shared, self._at)


def tee(iterable, n=2, /):
    if n < 0:
        raise ValueError("n must be >= 0")
    shared = (iter(iterable), [])
    return tuple([_Tee(shared, 0) for _ in range(n)])


def product(*iterables, repeat=1):
    if repeat < 0:
        raise ValueError("repeat argument cannot be negative")
    return _product([tuple(it) for it in iterables] * repeat)


def _product(pools):
    for pool in pools:
        if not pool:
            return
    at = [0] * len(pools)
    while True:
        yield tuple([pools[i][at[i]] for i in range(len(pools))])
        i = len(pools) - 1
        while i >= 0:
            at[i] += 1
            if at[i] < len(pools[i]):
                break
            at[i] = 0
            i -= 1
        if i < 0:
            return


def permutations(iterable, r=None):
    pool = tuple(iterable)
    r = len(pool) if r is None else r
    if r < 0:
        raise ValueError("r must be non-negative")
    return _permutations(pool, r)


def _permutations(pool, r):
    n = len(pool)
    if r > n:
        return
    indices = list(range(n))
    cycles = list(range(n, n - r, -1))
    yield tuple([pool[i] for i in indices[:r]])
    while n:
        for i in range(r - 1, -1, -1):
            cycles[i] -= 1
            if cycles[i] == 0:
                indices[i:] = indices[i + 1 :] + indices[i : i + 1]
                cycles[i] = n - i
            else:
                j = cycles[i]
                indices[i], indices[-j] = indices[-j], indices[i]
                yield tuple([pool[k] for k in indices[:r]])
                break
        else:
            return


def combinations(iterable, r):
    if r < 0:
        raise ValueError("r must be non-negative")
    return _combinations(tuple(iterable), r)


def _combinations(pool, r):
    n = len(pool)
    if r > n:
        return
    indices = list(range(r))
    while True:
        yield tuple([pool[i] for i in indices])
        i = r - 1
        while i >= 0 and indices[i] == i + n - r:
            i -= 1
        if i < 0:
            return
        indices[i] += 1
        for j in range(i + 1, r):
            indices[j] = indices[j - 1] + 1


def combinations_with_replacement(iterable, r):
    if r < 0:
        raise ValueError("r must be non-negative")
    return _repeating(tuple(iterable), r)


def _repeating(pool, r):
    n = len(pool)
    if not n and r:
        return
    indices = [0] * r
    while True:
        yield tuple([pool[i] for i in indices])
        i = r - 1
        while i >= 0 and indices[i] == n - 1:
            i -= 1
        if i < 0:
            return
        indices[i:] = [indices[i] + 1] * (r - i)
