"""Dates and times of day. The local time zone is UTC."""

import time as _time
from _raddle import calendar as _calendar, clock as _clock, timestamp as _timestamp

__all__ = ["date", "datetime", "time", "timedelta", "timezone", "tzinfo", "MINYEAR", "MAXYEAR", "UTC"]

MINYEAR = 1
MAXYEAR = 9999
_DAYS_BEFORE = 719163
_MICRO = 1000000


def _number(year, month, day):
    """Days since 0001-01-01, which is 1."""
    return _timestamp((year, month, day, 0, 0, 0)) // 86400 + _DAYS_BEFORE


def _ymd(n):
    return _calendar((n - _DAYS_BEFORE) * 86400)[:3]


def _days_in_month(year, month):
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def _check_date(year, month, day):
    for value in (year, month, day):
        if not isinstance(value, int):
            raise TypeError(f"'{type(value).__name__}' object cannot be interpreted as an integer")
    if not MINYEAR <= year <= MAXYEAR:
        raise ValueError(f"year {year} is out of range")
    if not 1 <= month <= 12:
        raise ValueError("month must be in 1..12")
    if not 1 <= day <= _days_in_month(year, month):
        raise ValueError("day is out of range for month")


def _check_time(hour, minute, second, microsecond):
    if not 0 <= hour <= 23:
        raise ValueError("hour must be in 0..23")
    if not 0 <= minute <= 59:
        raise ValueError("minute must be in 0..59")
    if not 0 <= second <= 59:
        raise ValueError("second must be in 0..59")
    if not 0 <= microsecond <= 999999:
        raise ValueError("microsecond must be in 0..999999")


def _round_half_even(x):
    return round(x)


class timedelta:
    __slots__ = ("_days", "_seconds", "_microseconds")

    def __new__(cls, days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0):
        seconds = seconds + minutes * 60 + hours * 3600
        days = days + weeks * 7
        microseconds = microseconds + milliseconds * 1000
        total = 0
        for amount, unit in ((days, 86400 * _MICRO), (seconds, _MICRO), (microseconds, 1)):
            if isinstance(amount, float):
                whole = int(amount)
                total += whole * unit
                rest = (amount - whole) * unit
                total += _round_half_even(rest)
            else:
                total += amount * unit
        return cls._of(total)

    @classmethod
    def _of(cls, total):
        self = object.__new__(cls)
        seconds, self._microseconds = divmod(total, _MICRO)
        self._days, self._seconds = divmod(seconds, 86400)
        if abs(self._days) > 999999999:
            raise OverflowError("days=%d; must have magnitude <= 999999999" % self._days)
        return self

    @property
    def days(self):
        return self._days

    @property
    def seconds(self):
        return self._seconds

    @property
    def microseconds(self):
        return self._microseconds

    def _total(self):
        return (self._days * 86400 + self._seconds) * _MICRO + self._microseconds

    def total_seconds(self):
        return self._total() / 10**6

    def __repr__(self):
        args = []
        for name, value in (("days", self._days), ("seconds", self._seconds), ("microseconds", self._microseconds)):
            if value:
                args.append(f"{name}={value}")
        return f"{self.__class__.__module__}.{self.__class__.__qualname__}({', '.join(args) or '0'})"

    def __str__(self):
        mm, ss = divmod(self._seconds, 60)
        hh, mm = divmod(mm, 60)
        s = "%d:%02d:%02d" % (hh, mm, ss)
        if self._days:
            s = ("%d day%s, " % (self._days, "s" if abs(self._days) != 1 else "")) + s
        if self._microseconds:
            s += ".%06d" % self._microseconds
        return s

    def __add__(self, other):
        return timedelta._of(self._total() + other._total()) if isinstance(other, timedelta) else NotImplemented

    __radd__ = __add__

    def __sub__(self, other):
        return timedelta._of(self._total() - other._total()) if isinstance(other, timedelta) else NotImplemented

    def __rsub__(self, other):
        return timedelta._of(other._total() - self._total()) if isinstance(other, timedelta) else NotImplemented

    def __neg__(self):
        return timedelta._of(-self._total())

    def __pos__(self):
        return self

    def __abs__(self):
        return timedelta._of(abs(self._total()))

    def __mul__(self, other):
        if isinstance(other, int):
            return timedelta._of(self._total() * other)
        if isinstance(other, float):
            a, b = other.as_integer_ratio()
            return timedelta._of(_divided(self._total() * a, b))
        return NotImplemented

    __rmul__ = __mul__

    def __floordiv__(self, other):
        if isinstance(other, timedelta):
            return self._total() // other._total()
        return timedelta._of(self._total() // other) if isinstance(other, int) else NotImplemented

    def __truediv__(self, other):
        if isinstance(other, timedelta):
            return self._total() / other._total()
        if isinstance(other, int):
            return timedelta._of(_divided(self._total(), other))
        if isinstance(other, float):
            a, b = other.as_integer_ratio()
            return timedelta._of(_divided(b * self._total(), a))
        return NotImplemented

    def __mod__(self, other):
        return timedelta._of(self._total() % other._total()) if isinstance(other, timedelta) else NotImplemented

    def __divmod__(self, other):
        if not isinstance(other, timedelta):
            return NotImplemented
        q, r = divmod(self._total(), other._total())
        return q, timedelta._of(r)

    def __eq__(self, other):
        return self._total() == other._total() if isinstance(other, timedelta) else NotImplemented

    def __lt__(self, other):
        return self._total() < other._total() if isinstance(other, timedelta) else NotImplemented

    def __le__(self, other):
        return self._total() <= other._total() if isinstance(other, timedelta) else NotImplemented

    def __gt__(self, other):
        return self._total() > other._total() if isinstance(other, timedelta) else NotImplemented

    def __ge__(self, other):
        return self._total() >= other._total() if isinstance(other, timedelta) else NotImplemented

    def __hash__(self):
        return hash(self._total())

    def __bool__(self):
        return self._total() != 0

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self


def _divided(a, b):
    """a / b to the nearest integer, ties to even."""
    q, r = divmod(a, b)
    r *= 2
    greater = r > b if b > 0 else r < b
    if greater or (r == b and q % 2 == 1):
        q += 1
    return q


timedelta.min = timedelta._of(-999999999 * 86400 * _MICRO)
timedelta.max = timedelta._of((999999999 * 86400 + 86399) * _MICRO + 999999)
timedelta.resolution = timedelta._of(1)


class tzinfo:
    def utcoffset(self, dt):
        raise NotImplementedError("a tzinfo subclass must implement utcoffset()")

    def dst(self, dt):
        raise NotImplementedError("a tzinfo subclass must implement dst()")

    def tzname(self, dt):
        raise NotImplementedError("a tzinfo subclass must implement tzname()")

    def fromutc(self, dt):
        return dt + self.utcoffset(dt)


class timezone(tzinfo):
    def __init__(self, offset, name=None):
        if not isinstance(offset, timedelta):
            raise TypeError("timezone() argument 1 must be datetime.timedelta, not " + type(offset).__name__)
        if not -86400 < offset.total_seconds() < 86400:
            raise ValueError("offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24).")
        self._offset = offset
        self._name = name

    def utcoffset(self, dt):
        return self._offset

    def dst(self, dt):
        return None

    def tzname(self, dt):
        if self._name is not None:
            return self._name
        return "UTC" + (_offset_text(self._offset) if self._offset else "")

    def __eq__(self, other):
        return isinstance(other, timezone) and self._offset == other._offset

    def __hash__(self):
        return hash(self._offset)

    def __repr__(self):
        if self is timezone.utc:
            return "datetime.timezone.utc"
        if self._name is None:
            return f"datetime.timezone({self._offset!r})"
        return f"datetime.timezone({self._offset!r}, {self._name!r})"

    def __str__(self):
        return self.tzname(None)

    def fromutc(self, dt):
        return dt + self._offset


timezone.utc = UTC = timezone(timedelta(0))
timezone.min = timezone(-timedelta(hours=23, minutes=59))
timezone.max = timezone(timedelta(hours=23, minutes=59))


def _offset_text(offset, colon=":"):
    total = offset._total() // _MICRO
    sign = "-" if total < 0 else "+"
    total = abs(total)
    text = "%s%02d%s%02d" % (sign, total // 3600, colon, total // 60 % 60)
    if total % 60:
        text += "%s%02d" % (colon, total % 60)
    return text


def _strftime(format, tuple_, microsecond, offset, name):
    out = []
    i = 0
    while i < len(format):
        c = format[i]
        if c == "%" and i + 1 < len(format):
            i += 1
            d = format[i]
            if d == "f":
                out.append("%06d" % microsecond)
            elif d == "z":
                out.append("" if offset is None else _offset_text(offset, ""))
            elif d == "Z":
                out.append((name or "").replace("%", "%%"))
            elif d == "s":
                out.append("%s")
            else:
                out.append("%" + d)
        else:
            out.append(c)
        i += 1
    return _time.strftime("".join(out), tuple_)


class date:
    __slots__ = ("_year", "_month", "_day")

    def __new__(cls, year, month, day):
        _check_date(year, month, day)
        self = object.__new__(cls)
        self._year, self._month, self._day = year, month, day
        return self

    @classmethod
    def today(cls):
        return cls.fromtimestamp(_clock() / 1000000000)

    @classmethod
    def fromtimestamp(cls, t):
        return cls(*_calendar(t)[:3])

    @classmethod
    def fromordinal(cls, n):
        return cls(*_ymd(n))

    @classmethod
    def fromisoformat(cls, text):
        try:
            if len(text) != 10 or text[4] != "-" or text[7] != "-":
                raise ValueError
            return cls(int(text[:4]), int(text[5:7]), int(text[8:]))
        except ValueError:
            raise ValueError(f"Invalid isoformat string: {text!r}") from None

    year = property(lambda self: self._year)
    month = property(lambda self: self._month)
    day = property(lambda self: self._day)

    def toordinal(self):
        return _number(self._year, self._month, self._day)

    def weekday(self):
        return (self.toordinal() + 6) % 7

    def isoweekday(self):
        return self.toordinal() % 7 or 7

    def isocalendar(self):
        year, week = _time._iso(self.timetuple())
        return (year, week, self.isoweekday())

    def timetuple(self):
        return _time.struct_time(_calendar(_timestamp((self._year, self._month, self._day, 0, 0, 0)))[:8] + (-1,))

    def isoformat(self):
        return "%04d-%02d-%02d" % (self._year, self._month, self._day)

    def __str__(self):
        return self.isoformat()

    def __repr__(self):
        return f"{self.__class__.__module__}.{self.__class__.__qualname__}({self._year}, {self._month}, {self._day})"

    def strftime(self, format):
        return _strftime(format, self.timetuple(), 0, None, None)

    def __format__(self, spec):
        return self.strftime(spec) if spec else str(self)

    def ctime(self):
        return _time.asctime(self.timetuple())

    def replace(self, year=None, month=None, day=None):
        return type(self)(year or self._year, month or self._month, day or self._day)

    def _key(self):
        return (self._year, self._month, self._day)

    def _same(self, other):
        return isinstance(other, date) and not isinstance(other, datetime)

    def __eq__(self, other):
        return self._key() == other._key() if self._same(other) else NotImplemented

    def __lt__(self, other):
        return self._key() < other._key() if self._same(other) else NotImplemented

    def __le__(self, other):
        return self._key() <= other._key() if self._same(other) else NotImplemented

    def __gt__(self, other):
        return self._key() > other._key() if self._same(other) else NotImplemented

    def __ge__(self, other):
        return self._key() >= other._key() if self._same(other) else NotImplemented

    def __hash__(self):
        return hash(self._key())

    def __add__(self, other):
        if isinstance(other, timedelta):
            n = self.toordinal() + other.days
            if not 0 < n <= 3652059:
                raise OverflowError("date value out of range")
            return type(self)(*_ymd(n))
        return NotImplemented

    __radd__ = __add__

    def __sub__(self, other):
        if isinstance(other, timedelta):
            return self + timedelta(-other.days)
        if isinstance(other, date):
            return timedelta(self.toordinal() - other.toordinal())
        return NotImplemented


class time:
    __slots__ = ("_hour", "_minute", "_second", "_microsecond", "_tzinfo")

    def __new__(cls, hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0):
        _check_time(hour, minute, second, microsecond)
        self = object.__new__(cls)
        self._hour, self._minute, self._second, self._microsecond = hour, minute, second, microsecond
        self._tzinfo = tzinfo
        return self

    hour = property(lambda self: self._hour)
    minute = property(lambda self: self._minute)
    second = property(lambda self: self._second)
    microsecond = property(lambda self: self._microsecond)
    tzinfo = property(lambda self: self._tzinfo)

    @classmethod
    def fromisoformat(cls, text):
        found = datetime.fromisoformat("2000-01-01T" + text)
        return cls(found.hour, found.minute, found.second, found.microsecond, found.tzinfo)

    def utcoffset(self):
        return None if self._tzinfo is None else self._tzinfo.utcoffset(None)

    def isoformat(self, timespec="auto"):
        text = _time_text(self._hour, self._minute, self._second, self._microsecond, timespec)
        offset = self.utcoffset()
        return text if offset is None else text + _offset_text(offset)

    def __str__(self):
        return self.isoformat()

    def __repr__(self):
        parts = [self._hour, self._minute]
        if self._microsecond:
            parts += [self._second, self._microsecond]
        elif self._second:
            parts.append(self._second)
        shown = ", ".join(map(str, parts))
        if self._tzinfo is not None:
            shown += f", tzinfo={self._tzinfo!r}"
        return f"{self.__class__.__module__}.{self.__class__.__qualname__}({shown})"

    def strftime(self, format):
        fields = (1900, 1, 1, self._hour, self._minute, self._second, 0, 1, -1)
        return _strftime(format, fields, self._microsecond, self.utcoffset(), None)

    def __format__(self, spec):
        return self.strftime(spec) if spec else str(self)

    def replace(self, hour=None, minute=None, second=None, microsecond=None, tzinfo=True, *, fold=None):
        return type(self)(
            self._hour if hour is None else hour, self._minute if minute is None else minute,
            self._second if second is None else second,
            self._microsecond if microsecond is None else microsecond, self._tzinfo if tzinfo is True else tzinfo,
        )

    def _key(self):
        return (self._hour, self._minute, self._second, self._microsecond)

    def __eq__(self, other):
        return self._key() == other._key() if isinstance(other, time) else NotImplemented

    def __lt__(self, other):
        return self._key() < other._key() if isinstance(other, time) else NotImplemented

    def __le__(self, other):
        return self._key() <= other._key() if isinstance(other, time) else NotImplemented

    def __gt__(self, other):
        return self._key() > other._key() if isinstance(other, time) else NotImplemented

    def __ge__(self, other):
        return self._key() >= other._key() if isinstance(other, time) else NotImplemented

    def __hash__(self):
        return hash(self._key())


def _time_text(hour, minute, second, microsecond, timespec):
    if timespec == "auto":
        timespec = "microseconds" if microsecond else "seconds"
    text = "%02d" % hour
    if timespec == "hours":
        return text
    text += ":%02d" % minute
    if timespec == "minutes":
        return text
    text += ":%02d" % second
    if timespec == "seconds":
        return text
    if timespec == "milliseconds":
        return text + ".%03d" % (microsecond // 1000)
    if timespec == "microseconds":
        return text + ".%06d" % microsecond
    raise ValueError("Unknown timespec value")


class datetime(date):
    __slots__ = ("_hour", "_minute", "_second", "_microsecond", "_tzinfo", "_fold")

    def __new__(cls, year, month, day, hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0):
        _check_date(year, month, day)
        _check_time(hour, minute, second, microsecond)
        self = object.__new__(cls)
        self._year, self._month, self._day = year, month, day
        self._hour, self._minute, self._second, self._microsecond = hour, minute, second, microsecond
        self._tzinfo = tzinfo
        self._fold = fold
        return self

    hour = property(lambda self: self._hour)
    minute = property(lambda self: self._minute)
    second = property(lambda self: self._second)
    microsecond = property(lambda self: self._microsecond)
    tzinfo = property(lambda self: self._tzinfo)
    fold = property(lambda self: self._fold)

    @classmethod
    def _of_micro(cls, total, tz=None):
        """From microseconds since the epoch, as the wall shows them."""
        seconds, micro = divmod(total, _MICRO)
        return cls(*_calendar(seconds)[:6], micro, tz)

    @classmethod
    def now(cls, tz=None):
        total = _clock() // 1000
        if tz is None:
            return cls._of_micro(total)
        return tz.fromutc(cls._of_micro(total, tz))

    @classmethod
    def today(cls):
        return cls.now()

    @classmethod
    def utcnow(cls):
        from _raddle import deprecated

        deprecated(
            "datetime.datetime.utcnow() is deprecated and scheduled for removal in a future version. Use timezone-aware "
            "objects to represent datetimes in UTC: datetime.datetime.now(datetime.UTC)."
        )
        return cls.now()

    @classmethod
    def fromtimestamp(cls, timestamp, tz=None):
        total = round(timestamp * _MICRO) if isinstance(timestamp, float) else timestamp * _MICRO
        if tz is None:
            return cls._of_micro(total)
        return tz.fromutc(cls._of_micro(total, tz))

    @classmethod
    def utcfromtimestamp(cls, t):
        return cls.fromtimestamp(t)

    @classmethod
    def combine(cls, date, time, tzinfo=True):
        tz = time.tzinfo if tzinfo is True else tzinfo
        return cls(date.year, date.month, date.day, time.hour, time.minute, time.second, time.microsecond, tz)

    @classmethod
    def strptime(cls, date_string, format):
        from _strptime import parse

        fields, micro, offset = parse(date_string, format)
        tz = None if offset is None else timezone.utc if offset == 0 else timezone(timedelta(seconds=offset))
        return cls(*fields[:6], micro, tz)

    @classmethod
    def fromisoformat(cls, date_string):
        text = date_string
        try:
            day = date.fromisoformat(text[:10])
            rest = text[11:]
            tz = None
            if rest.endswith("Z"):
                rest, tz = rest[:-1], timezone.utc
            for sign in "+-":
                at = rest.find(sign)
                if at >= 0:
                    parts = rest[at + 1 :].replace(":", "")
                    minutes = int(parts[:2]) * 60 + int(parts[2:4] or 0)
                    minutes = -minutes if sign == "-" else minutes
                    tz = timezone(timedelta(minutes=minutes)) if minutes else timezone.utc
                    rest = rest[:at]
            rest, _, fraction = rest.partition(".")
            parts = [int(p) for p in rest.split(":")] if rest else []
            micro = int((fraction + "000000")[:6]) if fraction else 0
            parts += [0] * (3 - len(parts))
            return cls(day.year, day.month, day.day, parts[0], parts[1], parts[2], micro, tz)
        except ValueError:
            raise ValueError(f"Invalid isoformat string: {date_string!r}") from None

    def date(self):
        return date(self._year, self._month, self._day)

    def time(self):
        return time(self._hour, self._minute, self._second, self._microsecond)

    def timetz(self):
        return time(self._hour, self._minute, self._second, self._microsecond, self._tzinfo)

    def utcoffset(self):
        return None if self._tzinfo is None else self._tzinfo.utcoffset(self)

    def dst(self):
        return None if self._tzinfo is None else self._tzinfo.dst(self)

    def tzname(self):
        return None if self._tzinfo is None else self._tzinfo.tzname(self)

    def _wall(self):
        fields = (self._year, self._month, self._day, self._hour, self._minute, self._second)
        return _timestamp(fields) * _MICRO + self._microsecond

    def _absolute(self):
        offset = self.utcoffset()
        return self._wall() - (offset._total() if offset is not None else 0)

    def timestamp(self):
        return self._absolute() / _MICRO

    def timetuple(self):
        return _time.struct_time(_calendar(self._wall() // _MICRO)[:8] + (-1,))

    def utctimetuple(self):
        return _time.struct_time(_calendar(self._absolute() // _MICRO))

    def astimezone(self, tz=None):
        if tz is None:
            tz = timezone.utc
        return tz.fromutc(type(self)._of_micro(self._absolute(), tz))

    def isoformat(self, sep="T", timespec="auto"):
        text = "%04d-%02d-%02d%s" % (self._year, self._month, self._day, sep)
        text += _time_text(self._hour, self._minute, self._second, self._microsecond, timespec)
        offset = self.utcoffset()
        return text if offset is None else text + _offset_text(offset)

    def __str__(self):
        return self.isoformat(" ")

    def __repr__(self):
        parts = [self._year, self._month, self._day, self._hour, self._minute]
        if self._microsecond:
            parts += [self._second, self._microsecond]
        elif self._second:
            parts.append(self._second)
        shown = ", ".join(map(str, parts))
        if self._tzinfo is not None:
            shown += f", tzinfo={self._tzinfo!r}"
        return f"{self.__class__.__module__}.{self.__class__.__qualname__}({shown})"

    def strftime(self, format):
        return _strftime(format, self.timetuple(), self._microsecond, self.utcoffset(), self.tzname())

    def ctime(self):
        return _time.asctime(self.timetuple())

    def replace(self, year=None, month=None, day=None, hour=None, minute=None, second=None, microsecond=None,
                tzinfo=True, *, fold=None):
        return type(self)(
            year or self._year, month or self._month, day or self._day, self._hour if hour is None else hour,
            self._minute if minute is None else minute, self._second if second is None else second,
            self._microsecond if microsecond is None else microsecond, self._tzinfo if tzinfo is True else tzinfo,
        )

    def _compared(self, other):
        if (self._tzinfo is None) != (other._tzinfo is None):
            raise TypeError("can't compare offset-naive and offset-aware datetimes")
        return self._absolute() - other._absolute()

    def __eq__(self, other):
        if not isinstance(other, datetime):
            return NotImplemented
        if (self._tzinfo is None) != (other._tzinfo is None):
            return False
        return self._absolute() == other._absolute()

    def __lt__(self, other):
        return self._compared(other) < 0 if isinstance(other, datetime) else NotImplemented

    def __le__(self, other):
        return self._compared(other) <= 0 if isinstance(other, datetime) else NotImplemented

    def __gt__(self, other):
        return self._compared(other) > 0 if isinstance(other, datetime) else NotImplemented

    def __ge__(self, other):
        return self._compared(other) >= 0 if isinstance(other, datetime) else NotImplemented

    def __hash__(self):
        return hash(self._absolute())

    def __add__(self, other):
        if not isinstance(other, timedelta):
            return NotImplemented
        try:
            return type(self)._of_micro(self._wall() + other._total(), self._tzinfo)
        except ValueError:
            raise OverflowError("date value out of range") from None

    __radd__ = __add__

    def __sub__(self, other):
        if isinstance(other, timedelta):
            return self + timedelta._of(-other._total())
        if not isinstance(other, datetime):
            return NotImplemented
        if (self._tzinfo is None) != (other._tzinfo is None):
            raise TypeError("can't subtract offset-naive and offset-aware datetimes")
        return timedelta._of(self._absolute() - other._absolute())


date.min, date.max, date.resolution = date(1, 1, 1), date(9999, 12, 31), timedelta(1)
time.min, time.max, time.resolution = time(), time(23, 59, 59, 999999), timedelta._of(1)
datetime.min, datetime.max = datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59, 999999)
datetime.resolution = timedelta._of(1)
