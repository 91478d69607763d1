# ---- exception groups ----


class BaseExceptionGroup(BaseException):
    """A combination of multiple unrelated exceptions."""

    def __new__(cls, message, exceptions, /):
        if not isinstance(message, str):
            raise TypeError(f"BaseExceptionGroup.__new__() argument 1 must be str, not {type(message).__name__}")
        if not isinstance(exceptions, (list, tuple)) and not hasattr(type(exceptions), "__getitem__"):
            raise TypeError("second argument (exceptions) must be a sequence")
        inner = tuple(exceptions)
        if not inner:
            raise ValueError("second argument (exceptions) must be a non-empty sequence")
        harmless = True
        for i in range(len(inner)):
            if not isinstance(inner[i], BaseException):
                raise ValueError(f"Item {i} of second argument (exceptions) is not an exception")
            if not isinstance(inner[i], Exception):
                harmless = False
        if cls is BaseExceptionGroup:
            if harmless:
                cls = ExceptionGroup
        elif not harmless and issubclass(cls, Exception):
            if cls is ExceptionGroup:
                raise TypeError("Cannot nest BaseExceptions in an ExceptionGroup")
            raise TypeError(f"Cannot nest BaseExceptions in '{cls.__name__}'")
        return BaseException.__new__(cls, message, exceptions)

    @property
    def message(self):
        """exception message"""
        return self.args[0]

    @property
    def exceptions(self):
        """nested exceptions"""
        return tuple(self.args[1])

    def __str__(self):
        count = len(self.exceptions)
        return f"{self.message} ({count} sub-exception{'' if count == 1 else 's'})"

    def derive(self, excs, /):
        return BaseExceptionGroup(self.message, excs)

    def subgroup(self, matcher_value, /):
        return _group_split(self, _group_matcher(matcher_value))[0]

    def split(self, matcher_value, /):
        return _group_split(self, _group_matcher(matcher_value))

    def __class_getitem__(cls, item):
        return _GenericAlias(cls, item)


class ExceptionGroup(BaseExceptionGroup, Exception):
    pass


def _is_exception_class(value):
    return isinstance(value, type) and issubclass(value, BaseException)


def _group_matcher(value):
    if _is_exception_class(value) or isinstance(value, tuple) and all([_is_exception_class(v) for v in value]):
        return lambda exception: isinstance(exception, value)
    if callable(value) and not isinstance(value, type):
        return value
    raise TypeError("expected a function, exception type or tuple of exception types")


def _group_split(group, matches):
    """The parts of a group that match and that do not."""
    if matches(group):
        return group, None
    parts = ([], [])
    for inner in group.exceptions:
        if isinstance(inner, BaseExceptionGroup):
            halves = _group_split(inner, matches)
        else:
            halves = (inner, None) if matches(inner) else (None, inner)
        for part, half in zip(parts, halves):
            if half is not None:
                part.append(half)
    return _group_part(group, parts[0]), _group_part(group, parts[1])


def _group_part(group, exceptions):
    if not exceptions:
        return None
    part = group.derive(exceptions)
    if not isinstance(part, BaseExceptionGroup):
        raise TypeError("derive must return an instance of BaseExceptionGroup")
    part.__traceback__ = group.__traceback__
    part.__cause__ = group.__cause__
    part.__context__ = group.__context__
    part.__suppress_context__ = group.__suppress_context__
    notes = getattr(group, "__notes__", None)
    if notes is not None:
        part.__notes__ = list(notes) if isinstance(notes, (list, tuple)) else notes
    return part


def _group_match(exception, classes):
    """What a clause of `except*` handles of an exception, and the rest."""
    for cls in classes if isinstance(classes, tuple) else (classes,):
        if not _is_exception_class(cls):
            raise TypeError("catching classes that do not inherit from BaseException is not allowed")
        if issubclass(cls, BaseExceptionGroup):
            raise TypeError("catching ExceptionGroup with except* is not allowed. Use except instead.")
    if exception is None:
        return None, None
    if isinstance(exception, classes):
        if isinstance(exception, BaseExceptionGroup):
            return exception, None
        group = BaseExceptionGroup("", (exception,))
        group.__traceback__ = exception.__traceback__
        return group, None
    if isinstance(exception, BaseExceptionGroup):
        return _group_split(exception, lambda e: isinstance(e, classes))
    return None, exception


def _group_leaves(exception, into):
    if isinstance(exception, BaseExceptionGroup):
        for inner in exception.exceptions:
            _group_leaves(inner, into)
    else:
        into.append(id(exception))


def _group_result(exception, rest, raised):
    """What is raised after the clauses: what they raised, and the exception again as far as nobody handled it."""
    if not isinstance(exception, BaseExceptionGroup):
        return raised[1] if raised else rest
    again = [] if rest is None else [rest]
    others = []
    for i in range(0, len(raised), 2):
        if raised[i] is raised[i + 1]:
            again.append(raised[i])
        else:
            others.append(raised[i + 1])
    if again:
        leaves = []
        for part in again:
            _group_leaves(part, leaves)

        def unhandled(e):
            return not isinstance(e, BaseExceptionGroup) and id(e) in leaves

        others.append(_group_split(exception, unhandled)[0])
    if not others:
        return None
    return others[0] if len(others) == 1 else BaseExceptionGroup("", others)


_GROUP_WIDTH = 15
_GROUP_DEPTH = 10
_CAUSE = "\nThe above exception was the direct cause of the following exception:\n\n"
_CONTEXT = "\nDuring handling of the above exception, another exception occurred:\n\n"


class _GroupText:
    """The text of an exception with groups in it, in boxes."""

    def __init__(self, chain, limit):
        self.chain = chain
        self.limit = limit
        self.depth = 0
        self.open = False
        self.out = []

    def indent(self):
        return "  " * self.depth

    def emit(self, text, margin="|"):
        before = self.indent() + (margin + " " if self.depth else "")
        for line in text.splitlines(True):
            self.out.append(before + line)

    def add(self, exception):
        chained = _raddle.exception_chain(exception, self.chain)
        for i in range(len(chained) - 1, -1, -1):
            e = chained[i]
            if i + 1 < len(chained):
                self.emit(_CAUSE if e.__cause__ is chained[i + 1] else _CONTEXT)
            text, notes = [_safe_text(e, "exception")], [_note_texts(e)]
            last = _raddle.exception_only(e, text[0], notes[0])
            stack = _raddle.exception_format(e, text, notes, False, self.limit)[: -len(last)]
            if isinstance(e, BaseExceptionGroup):
                self.add_group(e, stack, last)
            else:
                self.emit(stack)
                self.emit(last)

    def add_group(self, group, stack, last):
        if self.depth > _GROUP_DEPTH:
            self.emit(f"... (max_group_depth is {_GROUP_DEPTH})\n")
            return
        top = self.depth == 0
        if top:
            self.depth = 1
        if stack:
            head, stack = stack.split("\n", 1)
            self.emit("Exception Group " + head + "\n", "+" if top else "|")
            self.emit(stack)
        self.emit(last)
        inner = group.exceptions
        shown = len(inner) if len(inner) <= _GROUP_WIDTH else _GROUP_WIDTH + 1
        self.open = False
        for i in range(shown):
            if i == shown - 1:
                self.open = True
            title = str(i + 1) if i < _GROUP_WIDTH else "..."
            self.out.append(self.indent() + ("+-" if i == 0 else "  ") + f"+---------------- {title} ----------------\n")
            self.depth += 1
            if i < _GROUP_WIDTH:
                self.add(inner[i])
            else:
                more = len(inner) - _GROUP_WIDTH
                self.emit(f"and {more} more exception{'s' if more > 1 else ''}\n")
            if i == shown - 1 and self.open:
                self.out.append(self.indent() + "+------------------------------------\n")
                self.open = False
            self.depth -= 1
        if top:
            self.depth = 0


def _has_groups(chained):
    for exception in chained:
        if isinstance(exception, BaseExceptionGroup):
            return True
    return False


def _exception_text(exception, chain=True, limit=None):
    chained = _raddle.exception_chain(exception, chain)
    if _has_groups(chained):
        boxes = _GroupText(chain, limit)
        boxes.add(exception)
        return "".join(boxes.out)
    texts = [_safe_text(e, "exception") for e in chained]
    notes = [_note_texts(e) for e in chained]
    return _raddle.exception_format(exception, texts, notes, chain, limit)
