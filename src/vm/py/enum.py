"""Enumerations."""

__all__ = ["EnumMeta", "EnumType", "Enum", "IntEnum", "StrEnum", "Flag", "IntFlag", "ReprEnum", "auto", "unique",
           "property", "verify", "member", "nonmember", "FlagBoundary", "STRICT", "CONFORM", "EJECT", "KEEP",
           "global_enum", "EnumCheck", "CONTINUOUS", "NAMED_FLAGS", "UNIQUE"]

_property = property
STRICT, CONFORM, EJECT, KEEP = "strict", "conform", "eject", "keep"
CONTINUOUS, NAMED_FLAGS, UNIQUE = "continuous", "named flags", "unique"


class FlagBoundary:
    STRICT, CONFORM, EJECT, KEEP = STRICT, CONFORM, EJECT, KEEP


class EnumCheck:
    CONTINUOUS, NAMED_FLAGS, UNIQUE = CONTINUOUS, NAMED_FLAGS, UNIQUE


class auto:
    """A value that the enumeration gives."""

    _made = 0

    def __init__(self):
        self.value = None

    def __repr__(self):
        return f"auto({self.value!r})"


class nonmember:
    def __init__(self, value):
        self.value = value


class member:
    def __init__(self, value):
        self.value = value


class property:
    """An attribute of members that does not hide a member of the same name."""

    def __init__(self, fget=None, fset=None, fdel=None, doc=None):
        self.fget = fget
        self.name = None

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, instance, owner=None):
        if instance is None:
            found = owner._member_map_.get(self.name)
            if found is not None:
                return found
            raise AttributeError(f"{owner!r} has no attribute {self.name!r}")
        return self.fget(instance)

    def __set__(self, instance, value):
        raise AttributeError(f"<enum {instance.__class__.__name__!r}> cannot set attribute {self.name!r}")


def _is_descriptor(value):
    return hasattr(value, "__get__") or hasattr(value, "__set__") or hasattr(value, "__delete__")


def _is_dunder(name):
    return len(name) > 4 and name[:2] == name[-2:] == "__" and name[2] != "_" and name[-3] != "_"


def _is_sunder(name):
    return len(name) > 2 and name[0] == name[-1] == "_" and name[1] != "_" and name[-2] != "_"


def _is_private(cls_name, name):
    return name.startswith(f"_{cls_name.lstrip('_')}__") and not name.endswith("__")


class _EnumDict(dict):
    """The namespace of an enumeration's body: keeps the members' order and gives `auto` its values."""

    def __init__(self, cls_name):
        dict.__init__(self)
        self._cls_name = cls_name
        self._names = []
        self._values = []
        self._ignore = []
        self._generate = None
        self._kind = None

    def __setitem__(self, key, value):
        if _is_private(self._cls_name, key):
            pass
        elif _is_sunder(key):
            if key == "_ignore_":
                value = value.replace(",", " ").split() if isinstance(value, str) else list(value)
                self._ignore = value
            elif key == "_generate_next_value_":
                self._generate = value.__func__ if isinstance(value, staticmethod) else value
            elif key not in ("_order_", "_missing_", "_numeric_repr_", "_iter_member_", "_iter_member_by_value_",
                             "_iter_member_by_def_", "_add_alias_", "_add_value_alias_", "__order__"):
                raise ValueError(f"_sunder_ names, such as {key!r}, are reserved for future Enum use")
        elif _is_dunder(key):
            pass
        elif key in self._names:
            raise TypeError(f"{key!r} already defined as {dict.__getitem__(self, key)!r}")
        elif key in self._ignore:
            pass
        elif isinstance(value, nonmember):
            value = value.value
        elif isinstance(value, member) or not _is_descriptor(value) or isinstance(value, type) and False:
            if isinstance(value, member):
                value = value.value
            value = self._numbered(key, value)
            self._names.append(key)
            self._values.append(value)
        dict.__setitem__(self, key, value)

    def _numbered(self, key, value):
        if isinstance(value, auto):
            if value.value is None:
                value.value = self._generate(key, 1, len(self._names), self._values[:])
            return value.value
        if type(value) is tuple:
            return tuple([self._numbered(key, v) if isinstance(v, auto) else v for v in value])
        return value


ReprEnum = None


class EnumType(type):
    @classmethod
    def __prepare__(metacls, cls, bases, **kwds):
        namespace = _EnumDict(cls)
        namespace._generate = _plain_next
        for base in reversed(bases):
            for found in reversed(base.__mro__):
                generate = found.__dict__.get("_generate_next_value_")
                if generate is not None:
                    namespace._generate = generate.__func__ if isinstance(generate, staticmethod) else generate
        return namespace

    def __new__(metacls, cls, bases, classdict, *, boundary=None, _simple=False, **kwds):
        names = classdict._names
        values = [classdict[name] for name in names]
        namespace = {k: v for k, v in dict.items(classdict) if k not in names and k not in classdict._ignore}
        namespace.pop("_ignore_", None)
        if "_generate_next_value_" in namespace and not isinstance(namespace["_generate_next_value_"], staticmethod):
            namespace["_generate_next_value_"] = staticmethod(namespace["_generate_next_value_"])
        for base in bases:
            if isinstance(base, EnumType) and getattr(base, "_member_names_", None):
                raise TypeError(f"<enum {cls!r}> cannot extend {base!r}")
        namespace["_member_names_"] = []
        namespace["_member_map_"] = {}
        namespace["_value2member_map_"] = {}
        namespace["_unhashable_values_"] = []
        new_member = namespace.pop("__new__", None)
        data_type = _data_type(bases)
        enum_class = type.__new__(metacls, cls, bases, namespace, **kwds)
        if new_member is None:
            new_member = _inherited_new(bases)
        enum_class._member_type_ = data_type
        enum_class._new_member_ = new_member
        enum_class._boundary_ = boundary or getattr(enum_class, "_boundary_", None)
        for name, value in zip(names, values):
            enum_class._add_member(name, value)
        if data_type is not object:
            _choose_text(enum_class, namespace, bases, data_type)
        order = classdict.get("_order_")
        if order is not None:
            wanted = order.replace(",", " ").split() if isinstance(order, str) else list(order)
            if wanted != [n for n in enum_class._member_names_ if n in wanted]:
                raise TypeError("member order does not match _order_:\n  %r\n  %r" % (enum_class._member_names_, wanted))
        return enum_class

    def __init__(cls, *args, **kwds):
        pass

    def _add_member(cls, name, value):
        data_type = cls._member_type_
        args = value if isinstance(value, tuple) else (value,)
        if data_type is tuple:
            args = (args,)
        new = cls._new_member_
        if new is not None:
            made = new(cls, *args)
            if not hasattr(made, "_value_"):
                made._value_ = value if data_type is object else _converted(data_type, args, value)
        elif data_type is object:
            made = object.__new__(cls)
            made._value_ = value
        else:
            made = data_type.__new__(cls, *args)
            made._value_ = _converted(data_type, args, value)
        value = made._value_
        made._name_ = name
        made.__objclass__ = cls
        made._sort_order_ = len(cls._member_names_)
        made.__init__(*args)
        value = made._value_
        known = cls._find(value)
        if known is None:
            if not (issubclass(cls, Flag) and isinstance(value, int) and (value == 0 or value & (value - 1))):
                cls._member_names_.append(name)
            try:
                cls._value2member_map_[value] = made
            except TypeError:
                cls._unhashable_values_.append((value, made))
            known = made
        cls._member_map_[name] = known
        found = None
        for base in cls.__mro__[1:]:
            if name in base.__dict__:
                found = base.__dict__[name]
                break
        if not isinstance(found, (property, _property)):
            type.__setattr__(cls, name, known)

    def _find(cls, value):
        try:
            return cls._value2member_map_.get(value)
        except TypeError:
            for known, found in cls._unhashable_values_:
                if known == value:
                    return found
            return None

    def __call__(cls, value, names=None, *values, module=None, qualname=None, type=None, start=1, boundary=None):
        if cls._member_map_ or (names is None and not values and cls.__dict__.get("_member_names_") is None):
            if values or names is not None:
                value = (value, names, *values)
            return _lookup(cls, value)
        if names is None:
            return _lookup(cls, value)
        return cls._create_(value, names, module=module, qualname=qualname, type=type, start=start, boundary=boundary)

    def _create_(cls, class_name, names, *, module=None, qualname=None, type=None, start=1, boundary=None):
        metacls = cls.__class__
        bases = (cls,) if type is None else (type, cls)
        namespace = metacls.__prepare__(class_name, bases)
        if isinstance(names, str):
            names = names.replace(",", " ").split()
        if isinstance(names, (tuple, list)) and names and isinstance(names[0], str):
            given, names = names, []
            last = []
            for count in range(len(given)):
                value = namespace._generate(given[count], start, count, last[:])
                last.append(value)
                names.append((given[count], value))
        if hasattr(names, "items"):
            names = names.items()
        for name, value in names:
            namespace[name] = value
        if module is None:
            from _raddle import frame_names

            place = frame_names(0)
            module = place[3] if place else "__main__"
        namespace["__module__"] = module
        if qualname is not None:
            namespace["__qualname__"] = qualname
        return metacls.__new__(metacls, class_name, bases, namespace, boundary=boundary)

    def __bool__(cls):
        return True

    def __contains__(cls, value):
        if isinstance(value, cls):
            return True
        if cls._find(value) is not None:
            return True
        if issubclass(cls, Flag) and isinstance(value, int):
            try:
                _lookup(cls, value)
                return True
            except ValueError:
                return False
        return False

    def __delattr__(cls, attr):
        if attr in cls.__dict__.get("_member_map_", {}):
            raise AttributeError(f"{cls.__name__!r} cannot delete member {attr!r}.")
        type.__delattr__(cls, attr)

    def __dir__(cls):
        return sorted(["__class__", "__contains__", "__doc__", "__getitem__", "__init_subclass__", "__iter__", "__len__",
                       "__members__", "__module__", "__name__", "__qualname__", *cls._member_names_])

    def __getitem__(cls, name):
        return cls._member_map_[name]

    def __iter__(cls):
        return iter([cls._member_map_[name] for name in cls._member_names_])

    def __reversed__(cls):
        return iter([cls._member_map_[name] for name in reversed(cls._member_names_)])

    def __len__(cls):
        return len(cls._member_names_)

    @_property
    def __members__(cls):
        return _Members(cls._member_map_)

    def __repr__(cls):
        kind = "flag" if any([base.__name__ == "Flag" and base.__module__ == "enum" for base in cls.__mro__]) else "enum"
        return f"<{kind} {cls.__name__!r}>"

    def __setattr__(cls, name, value):
        if name in cls.__dict__.get("_member_map_", {}):
            raise AttributeError(f"cannot reassign member {name!r}")
        type.__setattr__(cls, name, value)


EnumMeta = EnumType


class _Members(dict):
    def __repr__(self):
        return "mappingproxy(" + dict.__repr__(self) + ")"


def _choose_text(enum_class, namespace, bases, data_type):
    """Members look like members though the class of their values comes first; those of a ReprEnum read like values."""
    first = bases[-1]
    like_values = ReprEnum in bases
    for name in ("__repr__", "__str__", "__format__"):
        if name in namespace:
            continue
        if like_values and name != "__repr__":
            method = getattr(data_type, name)
            if name == "__str__" and method is object.__str__:
                method = data_type.__repr__
            type.__setattr__(enum_class, name, method)
            continue
        found = getattr(enum_class, name)
        if found is getattr(data_type, name) or found is getattr(object, name):
            type.__setattr__(enum_class, name, getattr(first, name))


def _data_type(bases):
    for chain in bases:
        for base in chain.__mro__:
            if base is object:
                continue
            if isinstance(base, EnumType):
                kind = base.__dict__.get("_member_type_", object)
                if kind is not object:
                    return kind
            elif "__new__" in base.__dict__ or base in (int, str, float, bytes, tuple, list, dict, set):
                return base
            elif "__dataclass_fields__" in base.__dict__ or "__init__" in base.__dict__ and base.__module__ != "enum":
                return object
    return object


def _inherited_new(bases):
    for chain in bases:
        for base in chain.__mro__:
            if isinstance(base, EnumType):
                new = base.__dict__.get("_new_member_")
                if new is not None:
                    return new
    return None


def _converted(data_type, args, value):
    try:
        return data_type(*args)
    except Exception:
        return value


def _lookup(cls, value):
    if type(value) is cls:
        return value
    found = cls._find(value)
    if found is not None:
        return found
    try:
        result = cls._missing_(value)
    except Exception as e:
        if isinstance(e, (ValueError, TypeError)) and getattr(e, "_of_enum", False):
            raise
        error = ValueError(f"{value!r} is not a valid {cls.__qualname__}")
        error.__context__ = e
        raise error
    if isinstance(result, cls):
        return result
    error = ValueError(f"{value!r} is not a valid {cls.__qualname__}")
    if result is None:
        raise error
    raise TypeError(f"error in {cls.__name__}._missing_: returned {result!r} instead of None or a valid member")


def _plain_next(name, start, count, last_values):
    if not last_values:
        return start
    try:
        return max(last_values) + 1
    except TypeError:
        raise TypeError("unable to sort non-numeric values") from None


class Enum(metaclass=EnumType):
    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        return _plain_next(name, start, count, last_values)

    @classmethod
    def _missing_(cls, value):
        return None

    def __init__(self, *args, **kwds):
        pass

    def __repr__(self):
        shown = self._value_
        return f"<{self.__class__.__name__}.{self._name_}: {shown!r}>"

    def __str__(self):
        return f"{self.__class__.__name__}.{self._name_}"

    def __format__(self, format_spec):
        return str.__format__(str(self), format_spec)

    def __hash__(self):
        return hash(self._name_)

    def __eq__(self, other):
        if self is other:
            return True
        return NotImplemented

    def __dir__(self):
        return ["__class__", "__doc__", "__eq__", "__hash__", "__module__", "name", "value"]

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    @property
    def name(self):
        return self._name_

    @property
    def value(self):
        return self._value_


class ReprEnum(Enum):
    """An enumeration whose members look like their values."""


class IntEnum(int, ReprEnum):
    def __str__(self):
        return int.__repr__(self._value_)

    def __format__(self, format_spec):
        return int.__format__(self._value_, format_spec)

    __hash__ = Enum.__hash__

    def __eq__(self, other):
        return int.__eq__(self._value_, other._value_ if isinstance(other, IntEnum) else other)

    def __hash__(self):
        return hash(self._value_)


class StrEnum(str, ReprEnum):
    def __new__(cls, *values):
        if len(values) > 3:
            raise TypeError(f"too many arguments for str(): {values!r}")
        if len(values) == 1 and not isinstance(values[0], str):
            raise TypeError(f"{values[0]!r} is not a string")
        value = str(*values)
        made = str.__new__(cls, value)
        made._value_ = value
        return made

    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        return name.lower()

    def __str__(self):
        return self._value_

    def __format__(self, format_spec):
        return str.__format__(self._value_, format_spec)

    def __eq__(self, other):
        return str.__eq__(self._value_, other._value_ if isinstance(other, StrEnum) else other)

    def __hash__(self):
        return hash(self._value_)


class Flag(Enum):
    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        if not last_values:
            return start if start is not None else 1
        return 2 ** (max(last_values).bit_length())

    @classmethod
    def _missing_(cls, value):
        if not isinstance(value, int):
            return None
        everything = cls._all_bits()
        if value < 0:
            top = (1 << everything.bit_length()) - 1
            value = value & (everything if not issubclass(cls, int) else top if False else everything)
            found = cls._find(value)
            if found is not None:
                return found
        unknown = value & ~everything
        if unknown and not issubclass(cls, int):
            boundary = cls._boundary_
            if boundary == CONFORM:
                value &= everything
                found = cls._find(value)
                if found is not None:
                    return found
            elif boundary == EJECT:
                return value
            elif boundary != KEEP:
                bits = max(value.bit_length(), everything.bit_length())
                e = ValueError(
                    f"{cls!r} invalid value {value!r}\n    given {_binary(value, bits)}\n  allowed {_binary(everything, bits)}"
                )
                e._of_enum = True
                raise e
        if issubclass(cls, int):
            made = int.__new__(cls, value)
        else:
            made = object.__new__(cls)
        made._value_ = value
        members = [m for m in cls if m._value_ & value]
        names = [m._name_ for m in members]
        rest = value & ~everything
        if rest:
            names.append(str(rest))
        made._name_ = "|".join(names) if names else None
        made.__objclass__ = cls
        made._sort_order_ = -1
        cls._value2member_map_[value] = made
        return made

    @classmethod
    def _all_bits(cls):
        bits = 0
        for found in cls._member_map_.values():
            bits |= found._value_
        return bits

    def _bits_of(self, other):
        if isinstance(other, self.__class__):
            return other._value_
        if isinstance(self, int) and isinstance(other, int):
            return int(other)
        return None

    def __contains__(self, other):
        if not isinstance(other, self.__class__):
            raise TypeError(
                f"unsupported operand type(s) for 'in': {type(other).__qualname__!r} and {self.__class__.__qualname__!r}"
            )
        return other._value_ & self._value_ == other._value_

    def __iter__(self):
        return iter([m for m in self.__class__ if m._value_ & self._value_])

    def __len__(self):
        return self._value_.bit_count()

    def __bool__(self):
        return bool(self._value_)

    def __repr__(self):
        if self._name_ is None:
            return f"<{self.__class__.__name__}: {self._value_!r}>"
        return f"<{self.__class__.__name__}.{self._name_}: {self._value_!r}>"

    def __str__(self):
        if self._name_ is None:
            return f"{self.__class__.__name__}({self._value_!r})"
        return f"{self.__class__.__name__}.{self._name_}"

    def __or__(self, other):
        bits = self._bits_of(other)
        return NotImplemented if bits is None else self.__class__(self._value_ | bits)

    def __and__(self, other):
        bits = self._bits_of(other)
        return NotImplemented if bits is None else self.__class__(self._value_ & bits)

    def __xor__(self, other):
        bits = self._bits_of(other)
        return NotImplemented if bits is None else self.__class__(self._value_ ^ bits)

    def __invert__(self):
        return self.__class__(self.__class__._all_bits() & ~self._value_)

    __ror__ = __or__
    __rand__ = __and__
    __rxor__ = __xor__


def _binary(value, bits):
    return "0b" + ("0" if value >= 0 else "1") + " " + bin(value & ((1 << bits) - 1))[2:].rjust(bits, "0")


class IntFlag(int, ReprEnum, Flag):
    def __str__(self):
        return int.__repr__(self._value_)

    def __format__(self, format_spec):
        return int.__format__(self._value_, format_spec)

    def __repr__(self):
        return Flag.__repr__(self)

    def __eq__(self, other):
        return int.__eq__(self._value_, int(other)) if isinstance(other, int) else NotImplemented

    def __hash__(self):
        return hash(self._value_)

    __or__ = Flag.__or__
    __and__ = Flag.__and__
    __xor__ = Flag.__xor__
    __invert__ = Flag.__invert__
    __ror__ = Flag.__or__
    __rand__ = Flag.__and__
    __rxor__ = Flag.__xor__


def unique(enumeration):
    duplicates = [(name, found.name) for name, found in enumeration._member_map_.items() if name != found.name]
    if duplicates:
        details = ", ".join([f"{alias} -> {name}" for alias, name in duplicates])
        raise ValueError(f"duplicate values found in {enumeration!r}: {details}")
    return enumeration


class verify:
    def __init__(self, *checks):
        self.checks = checks

    def __call__(self, enumeration):
        if UNIQUE in self.checks:
            duplicates = [(n, m.name) for n, m in enumeration._member_map_.items() if n != m.name]
            if duplicates:
                details = ", ".join([f"{alias} -> {name}" for alias, name in duplicates])
                raise ValueError(f"aliases found in {enumeration!r}: {details}")
        return enumeration


def global_enum(cls, update_str=False):
    return cls
