# ---- containers, iteration and builtin functions where user code has a say ----
#
# Natives answer for builtin values and call these twins for the rest. Names that begin with `_raddle_` are natives of
# `vm/builtins/tables.rs`, `vm/builtins/output.rs` and `vm/types/list.rs`.

# -- items by __index__ --


def _item_by_index(o, i):
    return o[_plain_index(i)]


def _set_item_by_index(o, i, v):
    o[_plain_index(i)] = v


def _del_item_by_index(o, i):
    del o[_plain_index(i)]


def _plain_index(i):
    if isinstance(i, slice):
        return slice(_bound(i.start), _bound(i.stop), _bound(i.step))
    return _index(i)


def _bound(i):
    return None if i is None else _index(i)


def _set_slice(o, i, v):
    if not hasattr(type(v), "__iter__") and not hasattr(type(v), "__getitem__"):
        raise TypeError("must assign iterable to extended slice")
    o[i] = list(v)


def _slice_indices(s, length):
    return _plain_index(s).indices(length)


def _range(given):
    return range(*[_index(x) for x in given])


# -- tables --


def _stored(table, key, h):
    for k in _raddle_probe(table, h):
        if k is key or k == key:
            return (k,)
    return None


def _dict_getitem(d, key):
    h = hash(key)
    found = _stored(d, key, h)
    if found:
        return _raddle_dict_load(d, found[0], h)
    missing = getattr(type(d), "__missing__", None)
    if missing is not None:
        return missing(d, key)
    raise KeyError(key)


def _dict_get(d, key, default):
    h = hash(key)
    found = _stored(d, key, h)
    return _raddle_dict_load(d, found[0], h) if found else default


def _dict_setitem(d, key, value):
    h = hash(key)
    found = _stored(d, key, h)
    _raddle_dict_store(d, found[0] if found else key, h, value)


def _dict_delitem(d, key):
    h = hash(key)
    found = _stored(d, key, h)
    if not found:
        raise KeyError(key)
    _raddle_dict_delete(d, found[0], h)


def _dict_pop(d, key, default):
    h = hash(key)
    found = _stored(d, key, h)
    if found:
        return _raddle_dict_delete(d, found[0], h)
    if default:
        return default[0]
    raise KeyError(key)


def _dict_setdefault(d, key, default):
    h = hash(key)
    found = _stored(d, key, h)
    if found:
        return _raddle_dict_load(d, found[0], h)
    _raddle_dict_store(d, key, h, default)
    return default


def _table_contains(table, key):
    key = _raddle_frozen_key(key)
    return _stored(table, key, hash(key)) is not None


def _items_contains(d, key, value):
    h = hash(key)
    found = _stored(d, key, h)
    if not found:
        return False
    v = _raddle_dict_load(d, found[0], h)
    return v is value or bool(v == value)


def _dict_update(d, source, keywords):
    if isinstance(source, dict) and type(source).__iter__ is dict.__iter__:
        for k, v in dict.items(source):
            d[k] = v
    elif hasattr(source, "keys"):
        for k in source.keys():
            d[k] = source[k]
    else:
        i = 0
        for pair in source:
            k, v = _pair(pair, i)
            d[k] = v
            i += 1
    if keywords:
        for k, v in keywords.items():
            d[k] = v


def _pair(pair, i):
    if not hasattr(type(pair), "__iter__") and not hasattr(type(pair), "__getitem__"):
        raise TypeError("cannot convert dictionary update sequence element #" + str(i) + " to a sequence")
    pair = list(pair)
    if len(pair) != 2:
        raise ValueError(
            "dictionary update sequence element #" + str(i) + " has length " + str(len(pair)) + "; 2 is required"
        )
    return pair


def _dict_filled(d, source, keywords):
    _dict_update(d, source, keywords)
    return d


def _dict_ior(o, d, source):
    d.update(source)
    return o


def _dict_fromkeys(cls, keys, value):
    d = cls()
    for k in keys:
        d[k] = value
    return d


# -- sets: `s` is the plain set or frozenset, `others` a tuple of sets, dicts and lists --


def _set_add(s, x):
    h = hash(x)
    if not _stored(s, x, h):
        _raddle_set_store(s, x, h)


def _set_discard(s, x):
    x = _raddle_frozen_key(x)
    h = hash(x)
    found = _stored(s, x, h)
    if found:
        _raddle_set_delete(s, found[0], h)
    return None


def _set_remove(s, x):
    key = _raddle_frozen_key(x)
    h = hash(key)
    found = _stored(s, key, h)
    if not found:
        raise KeyError(x)
    _raddle_set_delete(s, found[0], h)


def _new_set(items, frozen):
    s = set()
    for x in items:
        s.add(x)
    return _raddle_freeze(s) if frozen else s


def _same_kind(s, result):
    return _raddle_freeze(result) if isinstance(s, frozenset) else result


def _set_update(s, others):
    for other in others:
        for x in list(other):
            s.add(x)


def _set_union(s, others):
    result = _new_set(s, False)
    _set_update(result, others)
    return _same_kind(s, result)


def _and(s, other):
    if isinstance(other, (set, frozenset)):
        if len(other) > len(s):
            s, other = other, s
    result = set()
    for x in other:
        if x in s:
            result.add(x)
    return result


def _set_intersection(s, others):
    result = s
    for other in others:
        result = _and(result, other)
    return _same_kind(s, result)


def _set_intersection_update(s, others):
    result = s
    for other in others:
        result = _and(result, other)
    s.clear()
    for x in result:
        s.add(x)


def _set_difference_update(s, others):
    for other in others:
        for x in list(other):
            s.discard(x)


def _set_difference(s, others):
    result = _new_set(s, False)
    _set_difference_update(result, others)
    return _same_kind(s, result)


def _set_symmetric_difference_update(s, others):
    for x in _new_set(others[0], False):
        if x in s:
            s.discard(x)
        else:
            s.add(x)


def _set_symmetric_difference(s, others):
    result = _new_set(others[0], False)
    _set_symmetric_difference_update(result, (s,))
    return _same_kind(s, result)


def _set_isdisjoint(s, others):
    return _isdisjoint(others[0], s)


def _isdisjoint(other, s):
    for x in other:
        if x in s:
            return False
    return True


def _set_issubset(s, others):
    other = _new_set(others[0], False)
    for x in s:
        if x not in other:
            return False
    return True


def _set_issuperset(s, others):
    for x in others[0]:
        if x not in s:
            return False
    return True


# -- sequences --


def _iter_contains(o, item):
    for x in o:
        if x is item or x == item:
            return True
    return False


def _contains_from(first, rest, item):
    if first is item or first == item:
        return True
    return _iter_contains(rest, item)


def _sequence_count(o, item):
    n = 0
    for x in o:
        if x is item or x == item:
            n += 1
    return n


def _position(o, item, start, stop):
    i = start
    while i < stop and i < len(o):
        x = o[i]
        if x is item or x == item:
            return i
        i += 1
    return -1


def _not_in(item, what):
    raise ValueError(repr(item) + " is not in " + what)


def _list_index(o, item, start, stop):
    i = _position(o, item, start, stop)
    if i < 0:
        _not_in(item, "list")
    return i


def _tuple_index(o, item, start, stop):
    i = _position(o, item, start, stop)
    if i < 0:
        raise ValueError("tuple.index(x): x not in tuple")
    return i


def _deque_index(o, item, start, stop):
    i = _position(o, item, start, stop)
    if i < 0:
        _not_in(item, "deque")
    return i


def _list_remove(o, item):
    i = 0
    while i < len(o):
        x = o[i]
        if x is item or x == item:
            _raddle_list_remove_same(o, i, x)
            return None
        i += 1
    raise ValueError("list.remove(x): x not in list")


def _deque_remove(o, item):
    i = _position(o, item, 0, len(o))
    if i < 0:
        _not_in(item, "deque")
    del o[i]


def _deque(cls, iterable, maxlen):
    return cls(list(iterable), maxlen)


def _deque_copy(o):
    return type(o)(o) if o.maxlen is None else type(o)(o, o.maxlen)


# -- sorting: CPython's comparisons in CPython's order up to 63 items, merging beyond --


def _list_sort(o, key, reverse):
    items = _raddle_list_take(o)
    try:
        result = _sorted(items, key, reverse)
    except BaseException:
        _raddle_list_fill(o, items)
        raise
    if not _raddle_list_fill(o, result):
        raise ValueError("list modified during sort")


def _sorted(items, key, reverse):
    keys = items if key is None else [key(x) for x in items]
    reverse = bool(reverse)
    result = _raddle_sort(items, keys, reverse)
    if result is not None:
        return result
    pairs = [(k, x) for k, x in zip(keys, items)]
    if reverse:
        pairs.reverse()
    _merge_sort(pairs)
    if reverse:
        pairs.reverse()
    return [x for _, x in pairs]


def _merge_sort(pairs):
    n = len(pairs)
    run = n
    odd = 0
    while run >= 64:
        odd |= run & 1
        run >>= 1
    run += odd
    bounds = []
    start = 0
    while start < n:
        end = min(start + run, n)
        part = pairs[start:end]
        _insertion_sort(part, _count_run(part))
        pairs[start:end] = part
        bounds.append((start, end))
        start = end
    while len(bounds) > 1:
        merged = []
        for i in range(0, len(bounds) - 1, 2):
            low, middle = bounds[i]
            _, high = bounds[i + 1]
            pairs[low:high] = _merge(pairs[low:middle], pairs[middle:high])
            merged.append((low, high))
        if len(bounds) % 2:
            merged.append(bounds[-1])
        bounds = merged


def _count_run(a):
    count = len(a)
    if count < 2:
        return count
    n = 1
    while n < count and not a[n][0] < a[n - 1][0]:
        n += 1
    if n == count:
        return n
    if n > 1:
        if a[0][0] < a[n - 1][0]:
            return n
        a[:n] = a[:n][::-1]
    n += 1
    equal = 0
    while n < count:
        if a[n][0] < a[n - 1][0]:
            if equal:
                a[n - equal - 1 : n] = a[n - equal - 1 : n][::-1]
                equal = 0
        elif a[n - 1][0] < a[n][0]:
            break
        else:
            equal += 1
        n += 1
    if equal:
        a[n - equal - 1 : n] = a[n - equal - 1 : n][::-1]
    a[:n] = a[:n][::-1]
    while n < count and not a[n][0] < a[n - 1][0]:
        n += 1
    return n


def _insertion_sort(a, done):
    for at in range(done, len(a)):
        pivot = a[at]
        low = 0
        high = at
        while low < high:
            middle = (low + high) >> 1
            if pivot[0] < a[middle][0]:
                high = middle
            else:
                low = middle + 1
        del a[at]
        a.insert(low, pivot)


def _merge(a, b):
    out = []
    i = j = 0
    while i < len(a) and j < len(b):
        if b[j][0] < a[i][0]:
            out.append(b[j])
            j += 1
        else:
            out.append(a[i])
            i += 1
    out.extend(a[i:])
    out.extend(b[j:])
    return out


def _extreme(items, key, largest):
    best = items[0]
    if key is None:
        for i in range(1, len(items)):
            x = items[i]
            if (x > best) if largest else (x < best):
                best = x
        return best
    best_key = key(best)
    for i in range(1, len(items)):
        x = items[i]
        k = key(x)
        if (k > best_key) if largest else (k < best_key):
            best = x
            best_key = k
    return best


# -- iteration --


def _len(o):
    n = type(o).__len__(o)
    if not isinstance(n, int):
        raise TypeError("'" + type(n).__name__ + "' object cannot be interpreted as an integer")
    if n < 0:
        raise ValueError("__len__() should return >= 0")
    return int(n)


def _iter(o):
    it = type(o).__iter__(o)
    if not hasattr(type(it), "__next__"):
        raise TypeError("iter() returned non-iterator of type '" + type(it).__name__ + "'")
    return it


def _iter_items(o, i=0):
    while True:
        try:
            x = o[i]
        except (IndexError, StopIteration):
            return
        yield x
        i += 1


def _iter_until(function, sentinel):
    while True:
        x = function()
        if x is sentinel or x == sentinel:
            return
        yield x


def _next_or(it, default):
    try:
        return type(it).__next__(it)
    except StopIteration:
        return default


def _reversed(o):
    return _reversed_items(o, len(o))


def _reversed_items(o, i):
    while i > 0:
        i -= 1
        try:
            x = o[i]
        except (IndexError, StopIteration):
            return
        yield x


def _enumerate(iterable, start):
    return _enumerated(iter(iterable), _index(start))


def _enumerated(it, i):
    for x in it:
        yield i, x
        i += 1


def _zip(iterables, strict):
    return _zipped([iter(x) for x in iterables], strict)


def _zipped(its, strict):
    if not its:
        return
    end = _absent
    while True:
        items = []
        for it in its:
            x = next(it, end)
            if x is end:
                if strict:
                    _check_zip(its, len(items))
                return
            items.append(x)
        yield tuple(items)


class _Absent:
    pass


_absent = _Absent()


def _check_zip(its, ended):
    if ended:
        raise ValueError(
            "zip() argument " + str(ended + 1) + " is shorter than argument"
            + (" " if ended == 1 else "s 1-") + str(ended)
        )
    for i in range(1, len(its)):
        if next(its[i], _absent) is not _absent:
            raise ValueError(
                "zip() argument " + str(i + 1) + " is longer than argument" + (" " if i == 1 else "s 1-") + str(i)
            )


def _map_one(function, it):
    for x in it:
        yield function(x)


def _map_any(function, iterable):
    return _map_one(function, iter(iterable))


def _map(function, iterables):
    return _map_many(function, [iter(x) for x in iterables])


def _map_many(function, its):
    end = _absent
    while True:
        args = []
        for it in its:
            x = next(it, end)
            if x is end:
                return
            args.append(x)
        yield function(*args)


def _filter_any(function, iterable):
    return _filter(function, iter(iterable))


def _filter(function, it):
    if function is None or function is bool:
        for x in it:
            if x:
                yield x
    else:
        for x in it:
            if function(x):
                yield x


def _any(iterable):
    for x in iterable:
        if x:
            return True
    return False


def _all(iterable):
    for x in iterable:
        if not x:
            return False
    return True


def _search(first, rest, want):
    if bool(first) == want:
        return want
    return _any(rest) if want else _all(rest)


def _sum(total, items):
    for x in items:
        total = total + x
    return total


def _unpack(v, n):
    if not hasattr(type(v), "__iter__") and not hasattr(type(v), "__getitem__"):
        raise TypeError("cannot unpack non-iterable " + type(v).__name__ + " object")
    it = iter(v)
    items = []
    while len(items) < n:
        x = next(it, _absent)
        if x is _absent:
            raise ValueError("not enough values to unpack (expected " + str(n) + ", got " + str(len(items)) + ")")
        items.append(x)
    if next(it, _absent) is not _absent:
        raise ValueError("too many values to unpack (expected " + str(n) + ")")
    return items


# -- numbers --


def _divmod(a, b):
    forward = getattr(type(a), "__divmod__", None)
    backward = getattr(type(b), "__rdivmod__", None)
    if backward is not None and type(a) is not type(b) and issubclass(type(b), type(a)):
        result = backward(b, a)
        if result is not NotImplemented:
            return result
        backward = None
    if forward is not None:
        result = forward(a, b)
        if result is not NotImplemented:
            return result
    if backward is not None and type(a) is not type(b):
        result = backward(b, a)
        if result is not NotImplemented:
            return result
    raise TypeError(
        "unsupported operand type(s) for divmod(): '" + type(a).__name__ + "' and '" + type(b).__name__ + "'"
    )


def _pow(a, b):
    return a**b


def _pow_modulo(a, b, modulus):
    power = getattr(type(a), "__pow__", None)
    if power is not None:
        result = power(a, b, modulus)
        if result is not NotImplemented:
            return result
    raise TypeError(
        "unsupported operand type(s) for ** or pow(): '"
        + type(a).__name__ + "', '" + type(b).__name__ + "', '" + type(modulus).__name__ + "'"
    )


# -- output --


def _print(stream, values, sep, end):
    first = True
    for x in values:
        if first:
            first = False
        else:
            _raddle_write(stream, sep)
        _raddle_write(stream, str(x))
    _raddle_write(stream, end)


def _print_to(file, values, sep, end, flush):
    write = file.write
    first = True
    for x in values:
        if first:
            first = False
        else:
            write(sep)
        write(str(x))
    write(end)
    if flush:
        file.flush()


def _input(prompt):
    return input(str(prompt))
