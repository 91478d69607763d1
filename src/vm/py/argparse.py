"""Command lines: options and positional arguments, as programs commonly describe them."""

from _raddle import refuse as _not_supported
import sys as _sys

SUPPRESS = "==SUPPRESS=="
OPTIONAL = "?"
ZERO_OR_MORE = "*"
ONE_OR_MORE = "+"
REMAINDER = "..."


class ArgumentTypeError(Exception):
    pass


class ArgumentError(Exception):
    def __init__(self, argument, message):
        self.argument_name = argument
        self.message = message

    def __str__(self):
        if self.argument_name is None:
            return self.message
        return f"argument {self.argument_name}: {self.message}"


class Namespace:
    def __init__(self, **kwargs):
        self.__dict__.update(kwargs)

    def __eq__(self, other):
        if not isinstance(other, Namespace):
            return NotImplemented
        return vars(self) == vars(other)

    def __contains__(self, key):
        return key in self.__dict__

    def __repr__(self):
        return "Namespace(" + ", ".join([f"{k}={v!r}" for k, v in self.__dict__.items()]) + ")"


class HelpFormatter:
    pass


class RawDescriptionHelpFormatter(HelpFormatter):
    pass


class RawTextHelpFormatter(HelpFormatter):
    pass


class ArgumentDefaultsHelpFormatter(HelpFormatter):
    pass


class _Argument:
    def __init__(self, flags, action="store", nargs=None, const=None, default=None, type=None, choices=None,
                 required=False, help=None, metavar=None, dest=None, version=None):
        self.flags = flags
        self.option_strings = [f for f in flags if f.startswith("-")]
        self.action = action
        self.nargs = nargs
        self.const = const
        self.type = type
        self.choices = choices
        self.help = help
        self.metavar = metavar
        self.version = version
        if action == "store_true":
            self.const, default = True, False if default is None else default
        elif action == "store_false":
            self.const, default = False, True if default is None else default
        self.default = default
        self.required = required
        if dest is None:
            if self.option_strings:
                long = [f for f in flags if f.startswith("--")]
                dest = (long or flags)[0].lstrip("-").replace("-", "_")
            else:
                dest = flags[0]
        self.dest = dest

    @property
    def takes_value(self):
        return self.action in ("store", "append", "extend")

    def name(self):
        return "/".join(self.option_strings) if self.option_strings else self.metavar or self.dest

    def shown(self):
        if self.metavar is not None:
            return self.metavar
        if self.choices is not None:
            return "{" + ",".join(map(str, self.choices)) + "}"
        return self.dest.upper() if self.option_strings else self.dest

    def values_shown(self):
        m = self.shown()
        if self.nargs is None:
            return m
        if self.nargs == "?":
            return f"[{m}]"
        if self.nargs == "*":
            return f"[{m} ...]"
        if self.nargs == "+":
            return f"{m} [{m} ...]"
        return " ".join([m] * self.nargs)


class _Group:
    def __init__(self, parser, title=None, description=None, exclusive=False, required=False):
        self._parser = parser
        self.title = title
        self.required = required

    def add_argument(self, *flags, **options):
        return self._parser.add_argument(*flags, **options)

    def add_mutually_exclusive_group(self, *, required=False):
        return self

    def add_argument_group(self, *args, **kwargs):
        return self


class ArgumentParser:
    def __init__(self, prog=None, usage=None, description=None, epilog=None, parents=(), formatter_class=None,
                 prefix_chars="-", fromfile_prefix_chars=None, argument_default=None, conflict_handler="error",
                 add_help=True, allow_abbrev=True, exit_on_error=True):
        self.prog = prog if prog is not None else _sys.argv[0].rpartition("/")[2]
        self.usage = usage
        self.description = description
        self.epilog = epilog
        self.exit_on_error = exit_on_error
        self._arguments = []
        self._defaults = {}
        self._subparsers = None
        if add_help:
            self.add_argument("-h", "--help", action="help", help="show this help message and exit")
        for parent in parents:
            self._arguments += [a for a in parent._arguments if a.action != "help"]

    def add_argument(self, *flags, **options):
        if not flags:
            flags = (options.pop("dest"),)
        known = ("store", "store_const", "store_true", "store_false", "append", "append_const", "count", "help", "version",
                 "extend")
        action = options.get("action", "store")
        if not isinstance(action, str):
            if getattr(action, "__name__", "") == "BooleanOptionalAction":
                options["action"] = "boolean"
                flags += tuple(["--no-" + f[2:] for f in flags if f.startswith("--")])
            else:
                _not_supported("argparse actions of one's own are not supported")
        elif action not in known:
            raise ValueError(f"unknown action {action!r}")
        argument = _Argument(flags, **options)
        self._arguments.append(argument)
        return argument

    def add_argument_group(self, title=None, description=None):
        return _Group(self, title, description)

    def add_mutually_exclusive_group(self, *, required=False):
        return _Group(self, exclusive=True, required=required)

    def add_subparsers(self, *, dest=None, required=False, **kwargs):
        self._subparsers = _Subparsers(self, dest, required)
        return self._subparsers

    def set_defaults(self, **kwargs):
        self._defaults.update(kwargs)

    def get_default(self, dest):
        for a in self._arguments:
            if a.dest == dest and a.default is not None:
                return a.default
        return self._defaults.get(dest)

    def parse_args(self, args=None, namespace=None):
        namespace, rest = self.parse_known_args(args, namespace)
        if rest:
            self.error("unrecognized arguments: " + " ".join(rest))
        return namespace

    def parse_known_args(self, args=None, namespace=None):
        args = list(_sys.argv[1:] if args is None else args)
        namespace = Namespace() if namespace is None else namespace
        for a in self._arguments:
            if a.action not in ("help", "version") and a.default is not SUPPRESS and not hasattr(namespace, a.dest):
                default = a.default
                if isinstance(default, str) and a.takes_value:
                    default = self._convert(a, default)
                setattr(namespace, a.dest, default)
        for name, value in self._defaults.items():
            if not hasattr(namespace, name):
                setattr(namespace, name, value)
        try:
            return namespace, self._parse(args, namespace)
        except ArgumentError as e:
            if not self.exit_on_error:
                raise
            self.error(str(e))

    def _parse(self, args, namespace):
        positionals = [a for a in self._arguments if not a.option_strings]
        seen = set()
        free = []
        unknown = []
        at = 0
        while at < len(args):
            arg = args[at]
            at += 1
            if arg == "--":
                free += args[at:]
                break
            if not arg.startswith("-") or arg == "-" or self._is_number(arg):
                free.append(arg)
                if self._subparsers is not None and len(free) > len(positionals):
                    free.pop()
                    self._positionals(positionals, free, namespace, seen)
                    unknown += self._subparsers._parse(arg, args[at:], namespace)
                    self._check_required(seen)
                    return unknown
                continue
            name, eq, value = arg.partition("=")
            option = self._option(name)
            values = [value] if eq else None
            if option is None and not arg.startswith("--") and len(arg) > 2:
                option = self._option(arg[:2])
                if option is not None:
                    if option.takes_value:
                        values = [arg[2:]]
                    else:
                        args.insert(at, "-" + arg[2:])
            if option is None:
                unknown.append(arg)
                continue
            seen.add(option.dest)
            if option.takes_value and values is None:
                values, at = self._values(option, args, at)
            self._store(option, name, values, namespace)
        unknown += self._positionals(positionals, free, namespace, seen)
        self._check_required(seen)
        if self._subparsers is not None and self._subparsers.required:
            self.error("the following arguments are required: " + (self._subparsers.dest or "{}"))
        return unknown

    def _is_number(self, arg):
        try:
            float(arg)
        except ValueError:
            return False
        return self._option(arg) is None

    def _option(self, name):
        near = []
        for a in self._arguments:
            if name in a.option_strings:
                return a
            if name.startswith("--") and [f for f in a.option_strings if f.startswith(name)]:
                near.append(a)
        if len(near) > 1:
            found = ", ".join([f for a in near for f in a.option_strings if f.startswith(name)])
            self.error(f"ambiguous option: {name} could match {found}")
        return near[0] if near else None

    def _values(self, option, args, at):
        free = []
        while at + len(free) < len(args):
            arg = args[at + len(free)]
            if arg.startswith("-") and len(arg) > 1 and not self._is_number(arg):
                break
            free.append(arg)
        nargs = option.nargs
        if nargs is None:
            if not free:
                raise ArgumentError(option.name(), "expected one argument")
            return free[:1], at + 1
        if nargs == "?":
            return free[:1], at + len(free[:1])
        if nargs == "+" and not free:
            raise ArgumentError(option.name(), "expected at least one argument")
        if isinstance(nargs, int):
            if len(free) < nargs:
                plural = "s" if nargs != 1 else ""
                raise ArgumentError(option.name(), f"expected {nargs} argument{plural}")
            free = free[:nargs]
        return free, at + len(free)

    def _convert(self, argument, text):
        kind = argument.type
        value = text
        if kind is not None:
            try:
                value = kind(text)
            except ArgumentTypeError as e:
                raise ArgumentError(argument.name(), str(e))
            except (TypeError, ValueError):
                name = getattr(kind, "__name__", repr(kind))
                raise ArgumentError(argument.name(), f"invalid {name} value: {text!r}")
        if argument.choices is not None and value not in argument.choices:
            choices = ", ".join([repr(c) for c in argument.choices])
            raise ArgumentError(argument.name(), f"invalid choice: {value!r} (choose from {choices})")
        return value

    def _store(self, argument, name, texts, namespace):
        action = argument.action
        if action == "help":
            self.print_help()
            self.exit()
        if action == "version":
            print((argument.version or "").replace("%(prog)s", self.prog))
            self.exit()
        if action in ("store_const", "store_true", "store_false"):
            value = argument.const
        elif action == "boolean":
            value = not name.startswith("--no-")
        elif action == "count":
            value = (getattr(namespace, argument.dest, None) or 0) + 1
        elif action == "append_const":
            value = list(getattr(namespace, argument.dest, None) or []) + [argument.const]
        else:
            values = [self._convert(argument, text) for text in texts]
            if argument.nargs is None:
                value = values[0]
            elif argument.nargs == "?":
                value = values[0] if values else argument.const
            else:
                value = values
            if action in ("append", "extend"):
                old = list(getattr(namespace, argument.dest, None) or [])
                value = old + (list(value) if action == "extend" else [value])
        setattr(namespace, argument.dest, value)

    def _positionals(self, positionals, free, namespace, seen):
        free = list(free)
        for i in range(len(positionals)):
            a = positionals[i]
            later = sum([_least(p) for p in positionals[i + 1 :]])
            spare = len(free) - later
            if a.nargs is None:
                if spare < 1:
                    continue
                count = 1
            elif isinstance(a.nargs, int):
                if spare < a.nargs:
                    continue
                count = a.nargs
            elif a.nargs == "?":
                if spare < 1:
                    seen.add(a.dest)
                    continue
                count = 1
            else:
                if a.nargs == "+" and spare < 1:
                    continue
                count = max(spare, 0)
                if count == 0 and a.default is not None:
                    seen.add(a.dest)
                    continue
            seen.add(a.dest)
            self._store(a, a.dest, free[:count], namespace)
            del free[:count]
        return free

    def _check_required(self, seen):
        missing = []
        for a in self._arguments:
            needed = a.required if a.option_strings else a.nargs not in ("?", "*")
            if needed and a.dest not in seen:
                missing.append(a.name())
        if missing:
            self.error("the following arguments are required: " + ", ".join(missing))

    def format_usage(self):
        if self.usage is not None:
            return "usage: " + self.usage.replace("%(prog)s", self.prog) + "\n"
        parts = [self.prog]
        for a in self._arguments:
            if a.option_strings and a.help is not SUPPRESS:
                text = a.option_strings[0]
                if a.takes_value:
                    text += " " + a.values_shown()
                parts.append(text if a.required else f"[{text}]")
        for a in self._arguments:
            if not a.option_strings:
                parts.append(a.values_shown())
        if self._subparsers is not None:
            parts.append("{" + ",".join(self._subparsers.parsers) + "} ...")
        return "usage: " + " ".join(parts) + "\n"

    def format_help(self):
        lines = [self.format_usage()]
        if self.description:
            lines.append(self.description.replace("%(prog)s", self.prog) + "\n")
        for title, wanted in (("positional arguments", False), ("options", True)):
            rows = []
            for a in self._arguments:
                if bool(a.option_strings) != wanted or a.help is SUPPRESS:
                    continue
                if wanted:
                    left = ", ".join(a.option_strings) + (" " + a.values_shown() if a.takes_value else "")
                else:
                    left = a.shown()
                help = (a.help or "").replace("%(default)s", str(a.default)).replace("%(prog)s", self.prog)
                if len(left) <= 20:
                    rows.append(("  " + left.ljust(22) + help).rstrip())
                else:
                    rows.append("  " + left + ("\n" + " " * 24 + help if help else ""))
            if rows:
                lines.append(title + ":\n" + "\n".join(rows) + "\n")
        if self.epilog:
            lines.append(self.epilog + "\n")
        return "\n".join(lines)

    def print_usage(self, file=None):
        (file or _sys.stdout).write(self.format_usage())

    def print_help(self, file=None):
        (file or _sys.stdout).write(self.format_help())

    def exit(self, status=0, message=None):
        if message:
            _sys.stderr.write(message)
        _sys.exit(status)

    def error(self, message):
        self.print_usage(_sys.stderr)
        self.exit(2, f"{self.prog}: error: {message}\n")


class BooleanOptionalAction:
    pass


class _Subparsers:
    def __init__(self, parser, dest, required):
        self._parser = parser
        self.dest = dest
        self.required = required
        self.parsers = {}
        if dest is not None:
            parser._defaults.setdefault(dest, None)

    def add_parser(self, name, *, help=None, aliases=(), **kwargs):
        made = ArgumentParser(prog=f"{self._parser.prog} {name}", **kwargs)
        for each in (name, *aliases):
            self.parsers[each] = made
        return made

    def _parse(self, name, args, namespace):
        if name not in self.parsers:
            choices = ", ".join([repr(n) for n in self.parsers])
            raise ArgumentError(self.dest or "{" + ",".join(self.parsers) + "}", f"invalid choice: {name!r} (choose from {choices})")
        if self.dest is not None:
            setattr(namespace, self.dest, name)
        _, rest = self.parsers[name].parse_known_args(args, namespace)
        return rest


def _least(argument):
    if argument.nargs is None or argument.nargs == "+":
        return 1
    return argument.nargs if isinstance(argument.nargs, int) else 0


class FileType:
    def __init__(self, *args, **kwargs):
        _not_supported("argparse.FileType is not supported")
