"""Warnings: written to stderr once for each place, as CPython does by default. Filters are kept, of which `ignore` and `error` count."""

from _raddle import frame_names as _frame_names
from _raddle import warn_at as _warn_at

__all__ = ["warn", "warn_explicit", "showwarning", "formatwarning", "filterwarnings", "simplefilter", "resetwarnings",
           "catch_warnings", "deprecated"]

filters = []
_recorders = []


class WarningMessage:
    def __init__(self, message, category, filename, lineno, file=None, line=None, source=None):
        self.message = message
        self.category = category
        self.filename = filename
        self.lineno = lineno
        self.file = file
        self.line = line
        self.source = source
        self._category_name = category.__name__ if category else None


def _action(category, message):
    text = str(message)
    for action, wanted, kind in filters:
        if issubclass(category, kind) and (not wanted or text.startswith(wanted)):
            return action
    return None


def warn(message, category=None, stacklevel=1, source=None, *, skip_file_prefixes=()):
    if isinstance(message, Warning):
        category = message.__class__
    if category is None:
        category = UserWarning
    if not (isinstance(category, type) and issubclass(category, Warning)):
        raise TypeError(f"category must be a Warning subclass, not '{type(category).__name__}'")
    action = _action(category, message)
    if action == "ignore":
        return
    if action == "error":
        raise message if isinstance(message, Warning) else category(message)
    if _recorders:
        place = _frame_names(stacklevel - 1) or ("sys", 1, "", "")
        if not isinstance(message, Warning):
            message = category(message)
        _recorders[-1].append(WarningMessage(message, category, place[0], place[1]))
        return
    quiet = (PendingDeprecationWarning, ImportWarning, ResourceWarning)
    if action is None and issubclass(category, quiet):
        return
    _warn_at(str(message), category.__name__, stacklevel, action is None and issubclass(category, DeprecationWarning))


def warn_explicit(message, category, filename, lineno, module=None, registry=None, module_globals=None, source=None):
    showwarning(message, category, filename, lineno)


def formatwarning(message, category, filename, lineno, line=None):
    return f"{filename}:{lineno}: {category.__name__}: {message}\n"


def showwarning(message, category, filename, lineno, file=None, line=None):
    text = formatwarning(message, category, filename, lineno, line)
    if file is None:
        _raddle_write(2, text)
    else:
        file.write(text)


def filterwarnings(action, message="", category=Warning, module="", lineno=0, append=False):
    entry = (action, message, category)
    if append:
        filters.append(entry)
    else:
        filters.insert(0, entry)


def simplefilter(action, category=Warning, lineno=0, append=False):
    filterwarnings(action, "", category, append=append)


def resetwarnings():
    filters.clear()


class catch_warnings:
    def __init__(self, *, record=False, module=None, action=None, category=Warning, lineno=0, append=False):
        self._record = record
        self._action = action
        self._category = category

    def __enter__(self):
        self._saved = filters[:]
        if self._action is not None:
            simplefilter(self._action, self._category)
        if self._record:
            _recorders.append([])
            return _recorders[-1]

    def __exit__(self, *exc):
        filters[:] = self._saved
        if self._record:
            _recorders.pop()


class deprecated:
    def __init__(self, message, /, *, category=DeprecationWarning, stacklevel=1):
        self.message = message
        self.category = category
        self.stacklevel = stacklevel

    def __call__(self, arg, /):
        import functools

        message, category = self.message, self.category

        @functools.wraps(arg)
        def wrapper(*args, **kwargs):
            if category is not None:
                warn(message, category=category, stacklevel=self.stacklevel)
            return arg(*args, **kwargs)

        wrapper.__deprecated__ = message
        return wrapper
