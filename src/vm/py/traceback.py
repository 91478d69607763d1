"""Exceptions and stacks as text."""

from _raddle import (
    exception_frames,
    exception_handled,
    exception_notes,
    exception_only,
    exception_text,
    frames_format,
    module_value,
    stack_frames,
)

__all__ = [
    "extract_stack", "extract_tb", "format_exception", "format_exception_only", "format_list", "format_stack",
    "format_tb", "print_exc", "format_exc", "print_exception", "print_last", "print_stack", "print_tb",
    "FrameSummary", "StackSummary", "TracebackException",
]

_absent = object()


def _safe(value, what):
    try:
        return str(value)
    except Exception:
        return "<" + what + " str() failed>"


def _notes(exc):
    notes = exception_notes(exc)
    if notes is None:
        return []
    if isinstance(notes, (list, tuple)):
        return [_safe(note, "note") for note in notes]
    return [repr(notes)]


def _text(exc, chain=True, limit=None):
    return exception_text(exc, chain, limit)


def _last(exc):
    return exception_only(exc, _safe(exc, "exception"), _notes(exc))


def _write_error(text):
    stream = module_value("sys", "stderr")
    if stream is None:
        _raddle_write(2, text)
    else:
        stream.write(text)


def _print(text, file):
    if file is None:
        _write_error(text)
    else:
        file.write(text)


def _lines(text):
    return text.splitlines(keepends=True)


def _pick(exc, value):
    """The exception meant by `(exc)` or `(type, value, tb)`."""
    return exc if value is _absent else value


class FrameSummary:
    def __init__(self, filename, lineno, name, *, lookup_line=True, locals=None, line=None, _place=None, **kwargs):
        self.filename = filename
        self.lineno = lineno
        self.name = name
        self.line = line
        self.locals = None
        self._place = _place

    def __iter__(self):
        return iter([self.filename, self.lineno, self.name, self.line])

    def __getitem__(self, at):
        return (self.filename, self.lineno, self.name, self.line)[at]

    def __len__(self):
        return 4

    def __eq__(self, other):
        if isinstance(other, FrameSummary):
            return self[:] == other[:]
        if isinstance(other, tuple):
            return self[:] == other
        return NotImplemented

    def __repr__(self):
        return f"<FrameSummary file {self.filename}, line {self.lineno} in {self.name}>"


class StackSummary(list):
    def format(self):
        return format_list(self)


def _summary(rows):
    frames = [FrameSummary(row[0], row[1], row[2], line=row[3], _place=(row[4], row[5])) for row in rows]
    return StackSummary(frames)


def _limited(frames, limit):
    if limit is None:
        return frames
    return StackSummary(frames[:limit] if limit >= 0 else frames[limit:])


def extract_tb(tb, limit=None):
    if tb is None:
        return StackSummary()
    return _limited(_summary(exception_frames(tb)), limit)


def extract_stack(f=None, limit=None):
    frames = _summary(stack_frames())
    if limit is not None:
        frames = StackSummary(frames[-limit:] if limit >= 0 else frames[:-limit])
    return frames


def format_list(extracted_list):
    texts = []
    for frame in extracted_list:
        place = getattr(frame, "_place", None)
        if place is not None:
            texts.append(frames_format([place]))
        else:
            text = '  File "{}", line {}, in {}\n'.format(frame[0], frame[1], frame[2])
            if frame[3]:
                text += "    {}\n".format(frame[3].strip())
            texts.append(text)
    return texts


def format_tb(tb, limit=None):
    return format_list(extract_tb(tb, limit))


def print_tb(tb, limit=None, file=None):
    _print("".join(format_tb(tb, limit)), file)


def format_stack(f=None, limit=None):
    return format_list(extract_stack(f, limit))


def print_stack(f=None, limit=None, file=None):
    _print("".join(format_stack(f, limit)), file)


def print_list(extracted_list, file=None):
    _print("".join(format_list(extracted_list)), file)


def format_exception(exc, /, value=_absent, tb=_absent, limit=None, chain=True, **kwargs):
    return _lines(_text(_pick(exc, value), chain, 0 if tb is None else limit))


def format_exception_only(exc, /, value=_absent, **kwargs):
    return _lines(_last(_pick(exc, value)))


def print_exception(exc, /, value=_absent, tb=_absent, limit=None, file=None, chain=True, **kwargs):
    _print(_text(_pick(exc, value), chain, 0 if tb is None else limit), file)


def print_exc(limit=None, file=None, chain=True):
    _print(_text(exception_handled(), chain, limit), file)


def format_exc(limit=None, chain=True):
    return _text(exception_handled(), chain, limit)


def print_last(limit=None, file=None, chain=True):
    raise ValueError("no last exception")


class TracebackException:
    def __init__(self, exc_type, exc_value, exc_traceback, *, limit=None, **kwargs):
        self._exception = exc_value
        self._limit = limit
        self.exc_type = exc_type
        self.exc_type_str = exc_type.__qualname__
        self.stack = extract_tb(exc_value, limit)
        self.__suppress_context__ = exc_value.__suppress_context__
        self.__notes__ = getattr(exc_value, "__notes__", None)

    @property
    def __cause__(self):
        return self._of(self._exception.__cause__)

    @property
    def __context__(self):
        return self._of(self._exception.__context__)

    def _of(self, exc):
        return None if exc is None else TracebackException(type(exc), exc, None, limit=self._limit)

    @classmethod
    def from_exception(cls, exc, *args, **kwargs):
        return cls(type(exc), exc, None, *args, **kwargs)

    def format(self, *, chain=True, **kwargs):
        yield from _lines(_text(self._exception, chain, self._limit))

    def format_exception_only(self, **kwargs):
        yield from _lines(_last(self._exception))

    def print(self, *, file=None, chain=True, **kwargs):
        _print(_text(self._exception, chain, self._limit), file)

    def __str__(self):
        return _safe(self._exception, "exception")
