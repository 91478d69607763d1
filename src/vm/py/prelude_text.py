# ---- text, comparison and hash of values whose items need code written in Python ----
#
# Natives answer for builtin values and call these twins for the rest. Names beginning with an underscore that are not
# defined here are natives of `vm/protocol/prelude.rs`. `_inner(v)` is the builtin value inside an instance of a derived
# class, `_kind(v)` names the builtin type of a value.

_written = set()


def _repr(v):
    text = type(v).__repr__(v)
    if not isinstance(text, str):
        raise TypeError("__repr__ returned non-string (type " + type(text).__name__ + ")")
    return text


def _str(v):
    text = type(v).__str__(v)
    if not isinstance(text, str):
        raise TypeError("__str__ returned non-string (type " + type(text).__name__ + ")")
    return text


def _format(v, spec):
    text = type(v).__format__(v, spec)
    if not isinstance(text, str):
        raise TypeError("__format__ must return a str, not " + type(text).__name__)
    return text


def _ascii(v):
    return _ascii_of(repr(v))


def _reprs(items):
    return ", ".join([repr(x) for x in items])


def _repr_items(v):
    inner = _inner(v)
    kind = _kind(inner)
    key = _here(inner)
    if key in _written:
        return _repr_again(v, kind)
    _written.add(key)
    try:
        return _repr_of_kind(v, inner, kind)
    finally:
        _written.discard(key)


def _repr_again(v, kind):
    if kind == "list" or kind == "deque":
        return "[...]"
    if kind == "tuple":
        return "(...)"
    if kind == "dict" or kind == "namespace":
        return "{...}"
    if kind == "set" or kind == "frozenset":
        return type(v).__name__ + "(...)"
    return "..."


def _repr_of_kind(v, inner, kind):
    if kind == "list":
        return "[" + _reprs(inner) + "]"
    if kind == "tuple":
        return "(" + _reprs(inner) + (",)" if len(inner) == 1 else ")")
    if kind == "dict" or kind == "namespace":
        return "{" + ", ".join([repr(k) + ": " + repr(x) for k, x in list(inner.items())]) + "}"
    if kind == "proxy":
        return "mappingproxy({" + ", ".join([repr(k) + ": " + repr(x) for k, x in list(inner.items())]) + "})"
    if kind == "set" or kind == "frozenset":
        if not inner:
            return type(v).__name__ + "()"
        text = "{" + _reprs(list(inner)) + "}"
        if type(v) is set:
            return text
        return type(v).__name__ + "(" + text + ")"
    if kind == "deque":
        text = type(v).__name__ + "([" + _reprs(list(inner)) + "]"
        if inner.maxlen is not None:
            text += ", maxlen=" + repr(inner.maxlen)
        return text + ")"
    if kind == "keys":
        return "dict_keys([" + _reprs(list(inner)) + "])"
    if kind == "values":
        return "dict_values([" + _reprs(list(inner)) + "])"
    if kind == "items":
        return "dict_items([" + ", ".join(["(" + repr(k) + ", " + repr(x) + ")" for k, x in list(inner)]) + "])"
    if kind == "slice":
        return "slice(" + _reprs(_parts(inner)) + ")"
    if kind == "exception":
        args = _parts(v)
        if len(args) == 1:
            return type(v).__name__ + "(" + repr(args[0]) + ")"
        return type(v).__name__ + repr(args)
    if kind == "method":
        function, this = _parts(v)
        return "<bound method " + getattr(function, "__qualname__", "?") + " of " + repr(this) + ">"
    if kind == "staticmethod" or kind == "classmethod":
        return "<" + kind + "(" + repr(_parts(v)[0]) + ")>"
    if kind == "condition":
        lock, waiters = _parts(v)
        return "<Condition(" + repr(lock) + ", " + waiters + ")>"
    return _object_repr(v)


def _str_exception(v):
    args = _parts(v)
    if len(args) == 0:
        return ""
    if len(args) > 1:
        if isinstance(v, OSError):
            text = "[Errno " + str(args[0]) + "] " + str(args[1])
            name = getattr(v, "filename", None)
            return text if name is None else text + ": " + repr(name)
        return repr(args)
    if isinstance(v, KeyError):
        return repr(args[0])
    return str(args[0])


def _eq(a, b):
    """`a == b` in full."""
    left, right = type(a), type(b)
    if left is not right and issubclass(right, left):
        result = right.__eq__(b, a)
        if result is not NotImplemented:
            return result
        result = left.__eq__(a, b)
    else:
        result = left.__eq__(a, b)
        if result is NotImplemented:
            result = right.__eq__(b, a)
    if result is NotImplemented:
        return a is b
    return result


def _ne_from_eq(a, b):
    result = type(a).__eq__(a, b)
    if result is NotImplemented:
        return result
    return not result


def _ne_items(a, b):
    return not _eq_items(a, b)


def _eq_items(a, b):
    a, b = _inner(a), _inner(b)
    kind = _kind(a)
    if kind == "slice":
        a, b = _parts(a), _parts(b)
        kind = "tuple"
    if kind == "list" or kind == "deque":
        if len(a) != len(b):
            return False
        for x, y in zip(a, b):
            if not (x is y or x == y):
                return False
        return len(a) == len(b)
    if kind == "tuple":
        for x, y in zip(a, b):
            if not (x is y or x == y):
                return False
        return len(a) == len(b)
    if len(a) != len(b):
        return False
    if kind == "dict" or kind == "namespace":
        missing = _written
        for k, x in a.items():
            y = b.get(k, missing)
            if y is missing or not (x is y or x == y):
                return False
        return True
    for x in a:
        if x not in b:
            return False
    return True


def _order(op, a, b):
    """`a < b` and its like in full."""
    left, right = type(a), type(b)
    swapped = left is not right and issubclass(right, left)
    result = NotImplemented
    if swapped:
        result = _order_method(_SWAPPED[op], right)(b, a)
    if result is NotImplemented:
        result = _order_method(op, left)(a, b)
    if result is NotImplemented and not swapped:
        result = _order_method(_SWAPPED[op], right)(b, a)
    if result is NotImplemented:
        raise TypeError(
            "'" + op + "' not supported between instances of '" + left.__name__ + "' and '" + right.__name__ + "'"
        )
    return result


_SWAPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _order_method(op, cls):
    if op == "<":
        return cls.__lt__
    if op == "<=":
        return cls.__le__
    if op == ">":
        return cls.__gt__
    return cls.__ge__


def _order_of_items(op, a, b):
    if op == "<":
        return a < b
    if op == "<=":
        return a <= b
    if op == ">":
        return a > b
    return a >= b


def _order_items(op, a, b):
    a, b = _inner(a), _inner(b)
    kind = _kind(a)
    if kind == "slice":
        a, b = _parts(a), _parts(b)
        kind = "tuple"
    if kind == "list" or kind == "tuple" or kind == "deque":
        for x, y in zip(a, b):
            if not (x is y or x == y):
                return _order_of_items(op, x, y)
        return _order_of_items(op, len(a), len(b))
    if not _order_of_items(op, len(a), len(b)):
        return False
    if op == ">" or op == ">=":
        a, b = b, a
    for x in a:
        if x not in b:
            return False
    return True


def _hash(v):
    method = type(v).__hash__
    if method is None:
        raise TypeError("unhashable type: '" + type(v).__name__ + "'")
    result = method(v)
    if not isinstance(result, int):
        raise TypeError("__hash__ method should return an integer")
    return _hash_result(result)


def _hash_items(v):
    v = _inner(v)
    if _kind(v) == "slice":
        return _hash_of_hashes([hash(x) for x in _parts(v)], False)
    if _kind(v) == "tuple":
        return _hash_of_hashes([hash(x) for x in v], True)
    return hash(_parts(v)[0])


# ---- operators ----


def _repeat(a, b):
    if hasattr(type(b), "__index__"):
        return a * _index(b)
    return _index(a) * b


def _dict_or(a, b):
    result = dict(_inner(a))
    result.update(_inner(b))
    return result


def _dict_change(d, other):
    d.update(other)
    return d


def _set_change(op, s, other):
    if op == "|":
        s.update(other)
    elif op == "&":
        s.intersection_update(other)
    elif op == "-":
        s.difference_update(other)
    else:
        s.symmetric_difference_update(other)
    return s


def _set_operator(op, a, b):
    a, b = _inner(a), _inner(b)
    if _kind(a) != "set" and _kind(a) != "frozenset":
        a = set(a)
    if op == "|":
        return a.union(b)
    if op == "&":
        return a.intersection(b)
    if op == "-":
        return a.difference(b)
    return a.symmetric_difference(b)


# ---- conversions ----


def _index(v):
    """The integer that a value stands for, by `__index__`."""
    if isinstance(v, int):
        return v
    method = getattr(type(v), "__index__", None)
    if method is None:
        raise TypeError("'" + type(v).__name__ + "' object cannot be interpreted as an integer")
    result = method(v)
    if not isinstance(result, int):
        raise TypeError("__index__ returned non-int (type " + type(result).__name__ + ")")
    return result


def _call_with_index(function, args, at):
    args = list(args)
    args[at] = _index(args[at])
    return function(*args)


def _int(v):
    method = getattr(type(v), "__int__", None)
    if method is not None:
        result = method(v)
        if not isinstance(result, int):
            raise TypeError("__int__ returned non-int (type " + type(result).__name__ + ")")
        return _inner(result)
    if hasattr(type(v), "__index__"):
        return _inner(_index(v))
    method = getattr(type(v), "__trunc__", None)
    if method is not None:
        return _inner(_index(method(v)))
    raise TypeError(
        "int() argument must be a string, a bytes-like object or a real number, not '" + type(v).__name__ + "'"
    )


def _float(v):
    method = getattr(type(v), "__float__", None)
    if method is not None:
        result = method(v)
        if not isinstance(result, float):
            raise TypeError(
                type(v).__name__ + ".__float__ returned non-float (type " + type(result).__name__ + ")"
            )
        return _inner(result)
    if hasattr(type(v), "__index__"):
        return float(_index(v))
    raise TypeError("float() argument must be a string or a real number, not '" + type(v).__name__ + "'")


def _bool(v):
    return True if v else False


def _bytes(v):
    method = getattr(type(v), "__bytes__", None)
    if method is not None:
        result = method(v)
        if not isinstance(result, bytes):
            raise TypeError("__bytes__ returned non-bytes (type " + type(result).__name__ + ")")
        return result
    if hasattr(type(v), "__index__"):
        return bytes(_index(v))
    if not hasattr(type(v), "__iter__") and not hasattr(type(v), "__getitem__"):
        raise TypeError("cannot convert '" + type(v).__name__ + "' object to bytes")
    return bytes([_index(x) for x in v])


def _bytearray(function, args):
    try:
        return bytearray(function(*args))
    except TypeError as e:
        raise TypeError(str(e).replace("object to bytes", "object to bytearray")) from None


def _bytearray_init(array, function, args):
    array[:] = _bytearray(function, args)


def _set_bytes(array, at, values):
    array[at] = bytearray(values)


def _set_item_by_value(array, at, value):
    array[at] = _index(value)


def _from_bytes(cls, v, order, signed):
    return cls.from_bytes(_bytes(v), order, signed=signed)


# ---- str ----


def _percent(template, args):
    mapping = None
    if isinstance(args, tuple):
        items = _inner(args)
    else:
        items = (args,)
        if not isinstance(args, str) and hasattr(type(args), "__getitem__"):
            mapping = args
    values = []
    at = 0
    for key, kind in _percent_needs(template):
        if key is not None:
            if mapping is None:
                raise TypeError("format requires a mapping")
            value = mapping[key]
        else:
            if at >= len(items):
                raise TypeError("not enough arguments for format string")
            value = items[at]
            at += 1
        values.append(_percent_value(kind, value))
    if mapping is None and at < len(items):
        raise TypeError("not all arguments converted during string formatting")
    return _percent_prepared(template, values)


def _percent_value(kind, value):
    if kind == "s":
        return str(value)
    if kind == "r":
        return repr(value)
    if kind == "a":
        return _ascii(value)
    if isinstance(value, (int, float, str)):
        return value
    if kind in "diu":
        if hasattr(type(value), "__int__") or hasattr(type(value), "__index__"):
            return _int(value)
    elif kind in "oxXc":
        if hasattr(type(value), "__index__"):
            return _index(value)
    elif kind in "eEfFgG":
        if hasattr(type(value), "__float__") or hasattr(type(value), "__index__"):
            return _float(value)
    return value


def _percent_bytes(template, args):
    return _percent(template.decode("latin-1"), args).encode("latin-1")


def _str_format(template, args, kwargs):
    return _render(_template(template), args, kwargs)


def _render(pieces, args, kwargs):
    out = []
    for piece in pieces:
        if isinstance(piece, str):
            out.append(piece)
            continue
        what, first, path, conversion, spec = piece
        if what == "error":
            raise ValueError(first)
        value = _field(what, first, path, args, kwargs)
        if conversion is not None:
            if conversion == "r":
                value = repr(value)
            elif conversion == "s":
                value = str(value)
            elif conversion == "a":
                value = _ascii(value)
            else:
                raise ValueError(_unknown_conversion(conversion))
        out.append(format(value, _render(spec, args, kwargs) if spec else ""))
    return "".join(out)


def _field(what, first, path, args, kwargs):
    if what == "key":
        value = kwargs[first]
    else:
        if args is None:
            raise ValueError("Format string contains positional fields")
        if first >= len(args):
            raise IndexError("Replacement index " + str(first) + " out of range for positional args tuple")
        value = args[first]
    for how, name in path:
        if how == ".":
            value = getattr(value, name)
        elif how == "[":
            value = value[name]
        else:
            raise ValueError(name)
    return value


def _str_translate(text, table):
    out = []
    for c in text:
        try:
            to = table[ord(c)]
        except LookupError:
            out.append(c)
            continue
        if to is None:
            continue
        if isinstance(to, int):
            if to < 0 or to > 0x10FFFF:
                raise ValueError("character mapping must be in range(0x110000)")
            to = chr(to)
        elif not isinstance(to, str):
            raise TypeError("character mapping must return integer, None or str")
        out.append(to)
    return "".join(out)


class _Quitter:
    """`exit` and `quit`, as the module `site` makes them."""

    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return f"Use {self.name}() or Ctrl-D (i.e. EOF) to exit"

    def __call__(self, code=None):
        raise SystemExit(code)


_Quitter.__name__ = _Quitter.__qualname__ = "Quitter"
_Quitter.__module__ = "_sitebuiltins"
exit = _Quitter("exit")
quit = _Quitter("quit")
