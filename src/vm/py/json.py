"""JSON texts."""

__all__ = ["dump", "dumps", "load", "loads", "JSONDecoder", "JSONDecodeError", "JSONEncoder"]

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_absent = object()


class JSONDecodeError(ValueError):
    def __init__(self, msg, doc, pos):
        lineno = doc.count("\n", 0, pos) + 1
        colno = pos - doc.rfind("\n", 0, pos)
        ValueError.__init__(self, "%s: line %d column %d (char %d)" % (msg, lineno, colno, pos))
        self.msg = msg
        self.doc = doc
        self.pos = pos
        self.lineno = lineno
        self.colno = colno


def _quoted(text, ensure_ascii):
    out = ['"']
    for c in text:
        if c in _ESCAPES:
            out.append(_ESCAPES[c])
        elif c < " " or (ensure_ascii and c > "~"):
            n = ord(c)
            if n < 0x10000:
                out.append("\\u%04x" % n)
            else:
                n -= 0x10000
                out.append("\\u%04x\\u%04x" % (0xD800 | (n >> 10), 0xDC00 | (n & 0x3FF)))
        else:
            out.append(c)
    out.append('"')
    return "".join(out)


class JSONEncoder:
    item_separator = ", "
    key_separator = ": "

    def __init__(self, *, skipkeys=False, ensure_ascii=True, check_circular=True, allow_nan=True, sort_keys=False,
                 indent=None, separators=None, default=None):
        self.skipkeys = skipkeys
        self.ensure_ascii = ensure_ascii
        self.check_circular = check_circular
        self.allow_nan = allow_nan
        self.sort_keys = sort_keys
        self.indent = indent
        if separators is not None:
            self.item_separator, self.key_separator = separators
        elif indent is not None:
            self.item_separator = ","
        if default is not None:
            self.default = default

    def default(self, o):
        raise TypeError(f"Object of type {o.__class__.__name__} is not JSON serializable")

    def encode(self, o):
        out = []
        self._write(o, out, "\n", set())
        return "".join(out)

    def iterencode(self, o, _one_shot=False):
        yield self.encode(o)

    def _float(self, x):
        if x != x:
            text = "NaN"
        elif x == float("inf"):
            text = "Infinity"
        elif x == float("-inf"):
            text = "-Infinity"
        else:
            return float.__repr__(x)
        if not self.allow_nan:
            raise ValueError("Out of range float values are not JSON compliant: " + repr(x))
        return text

    def _key(self, key):
        if isinstance(key, str):
            return key
        if isinstance(key, float):
            return self._float(key)
        if key is True:
            return "true"
        if key is False:
            return "false"
        if key is None:
            return "null"
        if isinstance(key, int):
            return int.__repr__(key)
        if self.skipkeys:
            return _absent
        raise TypeError(f"keys must be str, int, float, bool or None, not {key.__class__.__name__}")

    def _write(self, o, out, line, seen):
        if isinstance(o, str):
            out.append(_quoted(o, self.ensure_ascii))
        elif o is None:
            out.append("null")
        elif o is True:
            out.append("true")
        elif o is False:
            out.append("false")
        elif isinstance(o, int):
            out.append(int.__repr__(o))
        elif isinstance(o, float):
            out.append(self._float(o))
        elif isinstance(o, (list, tuple)):
            self._enter(o, seen)
            self._write_list(o, out, line, seen)
            seen.discard(id(o))
        elif isinstance(o, dict):
            self._enter(o, seen)
            self._write_dict(o, out, line, seen)
            seen.discard(id(o))
        else:
            self._enter(o, seen)
            try:
                inner = self.default(o)
            except Exception as exc:
                exc.add_note(f"when serializing {type(o).__name__} object") if False else None
                raise
            self._write(inner, out, line, seen)
            seen.discard(id(o))

    def _enter(self, o, seen):
        if self.check_circular:
            if id(o) in seen:
                raise ValueError("Circular reference detected")
            seen.add(id(o))

    def _deeper(self, line):
        indent = self.indent
        return line + (indent if isinstance(indent, str) else " " * indent)

    def _write_list(self, items, out, line, seen):
        if not items:
            out.append("[]")
            return
        out.append("[")
        inner = None if self.indent is None else self._deeper(line)
        first = True
        for item in items:
            if not first:
                out.append(self.item_separator)
            first = False
            if inner is not None:
                out.append(inner)
            self._write(item, out, inner or line, seen)
        if inner is not None:
            out.append(line)
        out.append("]")

    def _write_dict(self, table, out, line, seen):
        if not table:
            out.append("{}")
            return
        out.append("{")
        inner = None if self.indent is None else self._deeper(line)
        items = sorted(table.items()) if self.sort_keys else table.items()
        first = True
        for key, value in items:
            key = self._key(key)
            if key is _absent:
                continue
            if not first:
                out.append(self.item_separator)
            first = False
            if inner is not None:
                out.append(inner)
            out.append(_quoted(key, self.ensure_ascii))
            out.append(self.key_separator)
            self._write(value, out, inner or line, seen)
        if inner is not None:
            out.append(line)
        out.append("}")


def dumps(obj, *, skipkeys=False, ensure_ascii=True, check_circular=True, allow_nan=True, cls=None, indent=None,
          separators=None, default=None, sort_keys=False, **kw):
    encoder = (cls or JSONEncoder)(
        skipkeys=skipkeys, ensure_ascii=ensure_ascii, check_circular=check_circular, allow_nan=allow_nan, indent=indent,
        separators=separators, default=default, sort_keys=sort_keys, **kw,
    )
    return encoder.encode(obj)


def dump(obj, fp, **options):
    fp.write(dumps(obj, **options))


_SPACE = " \t\n\r"
_BACKSLASH = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_CONSTANTS = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}
_WORDS = {"n": ("null", None), "t": ("true", True), "f": ("false", False)}


class JSONDecoder:
    def __init__(self, *, object_hook=None, parse_float=None, parse_int=None, parse_constant=None, strict=True,
                 object_pairs_hook=None):
        self.object_hook = object_hook
        self.parse_float = parse_float or float
        self.parse_int = parse_int or int
        self.parse_constant = parse_constant or _CONSTANTS.__getitem__
        self.strict = strict
        self.object_pairs_hook = object_pairs_hook

    def decode(self, s):
        value, end = self.raw_decode(s, _skip(s, 0))
        end = _skip(s, end)
        if end != len(s):
            raise JSONDecodeError("Extra data", s, end)
        return value

    def raw_decode(self, s, idx=0):
        return self._value(s, idx)

    def _value(self, s, at):
        c = s[at : at + 1]
        if c == '"':
            return self._string(s, at + 1)
        if c == "{":
            return self._object(s, at + 1)
        if c == "[":
            return self._array(s, at + 1)
        if c in _WORDS:
            word, value = _WORDS[c]
            if s.startswith(word, at):
                return value, at + len(word)
        if c == "-" or "0" <= c <= "9":
            number = self._number(s, at)
            if number is not None:
                return number
        for word in _CONSTANTS:
            if s.startswith(word, at):
                return self.parse_constant(word), at + len(word)
        raise JSONDecodeError("Expecting value", s, at)

    def _number(self, s, at):
        end = at + 1 if s[at] == "-" else at
        if s[end : end + 1] == "0":
            end += 1
        else:
            start = end
            end = _digits(s, end)
            if end == start:
                return None
        whole = end
        if s[end : end + 1] == ".":
            after = _digits(s, end + 1)
            if after > end + 1:
                end = after
        if s[end : end + 1] in ("e", "E"):
            start = end + 2 if s[end + 1 : end + 2] in ("+", "-") else end + 1
            after = _digits(s, start)
            if after > start:
                end = after
        text = s[at:end]
        return (self.parse_int if end == whole else self.parse_float)(text), end

    def _string(self, s, at):
        begin = at - 1
        parts = []
        while True:
            end = at
            while end < len(s) and s[end] != '"' and s[end] != "\\" and (s[end] >= " " or not self.strict):
                end += 1
            parts.append(s[at:end])
            if end >= len(s):
                raise JSONDecodeError("Unterminated string starting at", s, begin)
            c = s[end]
            if c == '"':
                return "".join(parts), end + 1
            if c != "\\":
                raise JSONDecodeError("Invalid control character at", s, end)
            c = s[end + 1 : end + 2]
            if not c:
                raise JSONDecodeError("Unterminated string starting at", s, begin)
            if c != "u":
                if c not in _BACKSLASH:
                    raise JSONDecodeError("Invalid \\escape", s, end)
                parts.append(_BACKSLASH[c])
                at = end + 2
                continue
            code = self._hex(s, end + 2)
            at = end + 6
            if 0xD800 <= code <= 0xDBFF and s[at : at + 2] == "\\u":
                low = self._hex(s, at + 2)
                if 0xDC00 <= low <= 0xDFFF:
                    code = 0x10000 + ((code - 0xD800) << 10 | (low - 0xDC00))
                    at += 6
            parts.append(chr(code))

    def _hex(self, s, at):
        digits = s[at : at + 4]
        if len(digits) == 4 and all([c in "0123456789abcdefABCDEF" for c in digits]):
            return int(digits, 16)
        raise JSONDecodeError("Invalid \\uXXXX escape", s, at - 1)

    def _array(self, s, at):
        values = []
        at = _skip(s, at)
        if s[at : at + 1] == "]":
            return values, at + 1
        while True:
            value, at = self._value(s, at)
            values.append(value)
            at = _skip(s, at)
            c = s[at : at + 1]
            if c == "]":
                return values, at + 1
            if c != ",":
                raise JSONDecodeError("Expecting ',' delimiter", s, at)
            comma = at
            at = _skip(s, at + 1)
            if s[at : at + 1] == "]":
                raise JSONDecodeError("Illegal trailing comma before end of array", s, comma)

    def _object(self, s, at):
        pairs = []
        at = _skip(s, at)
        c = s[at : at + 1]
        if c == "}":
            return self._made(pairs), at + 1
        if c != '"':
            raise JSONDecodeError("Expecting property name enclosed in double quotes", s, at)
        while True:
            key, at = self._string(s, at + 1)
            at = _skip(s, at)
            if s[at : at + 1] != ":":
                raise JSONDecodeError("Expecting ':' delimiter", s, at)
            value, at = self._value(s, _skip(s, at + 1))
            pairs.append((key, value))
            at = _skip(s, at)
            c = s[at : at + 1]
            if c == "}":
                return self._made(pairs), at + 1
            if c != ",":
                raise JSONDecodeError("Expecting ',' delimiter", s, at)
            comma = at
            at = _skip(s, at + 1)
            c = s[at : at + 1]
            if c != '"':
                if c == "}":
                    raise JSONDecodeError("Illegal trailing comma before end of object", s, comma)
                raise JSONDecodeError("Expecting property name enclosed in double quotes", s, at)

    def _made(self, pairs):
        if self.object_pairs_hook is not None:
            return self.object_pairs_hook(pairs)
        table = dict(pairs)
        return table if self.object_hook is None else self.object_hook(table)


def _skip(s, at):
    while at < len(s) and s[at] in _SPACE:
        at += 1
    return at


def _digits(s, at):
    while at < len(s) and "0" <= s[at] <= "9":
        at += 1
    return at


def loads(s, *, cls=None, object_hook=None, parse_float=None, parse_int=None, parse_constant=None,
          object_pairs_hook=None, **kw):
    if isinstance(s, bytes):
        s = s.decode("utf-8")
    elif not isinstance(s, str):
        raise TypeError(f"the JSON object must be str, bytes or bytearray, not {s.__class__.__name__}")
    elif s.startswith("\ufeff"):
        raise JSONDecodeError("Unexpected UTF-8 BOM (decode using utf-8-sig)", s, 0)
    decoder = (cls or JSONDecoder)(
        object_hook=object_hook, parse_float=parse_float, parse_int=parse_int, parse_constant=parse_constant,
        object_pairs_hook=object_pairs_hook, **kw,
    )
    return decoder.decode(s)


def load(fp, **options):
    return loads(fp.read(), **options)
