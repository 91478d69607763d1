"""The virtual clock and the calendar, which knows UTC only."""

from _raddle import calendar as _calendar
from _raddle import clock as _clock
from _raddle import clock_now as _now
from _raddle import clock_start as _start
from _raddle import sleep, timestamp as _timestamp

timezone = 0
altzone = 0
daylight = 0
tzname = ("UTC", "UTC")
CLOCK_REALTIME = 0
CLOCK_MONOTONIC = 1
CLOCK_PROCESS_CPUTIME_ID = 2
CLOCK_THREAD_CPUTIME_ID = 3

_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"]


def time():
    return _clock() / 1000000000


def time_ns():
    return _clock()


def monotonic():
    return (_clock() - _start()) / 1000000000


def monotonic_ns():
    return _clock() - _start()


def perf_counter():
    return (_clock() - _start()) / 1000000000


def perf_counter_ns():
    return _clock() - _start()


def process_time():
    return (_clock() - _start()) / 1000000000


def process_time_ns():
    return _clock() - _start()


def thread_time():
    return (_clock() - _start()) / 1000000000


def thread_time_ns():
    return _clock() - _start()


def clock_gettime(clk_id):
    return clock_gettime_ns(clk_id) / 1000000000


def clock_gettime_ns(clk_id):
    return _clock() if clk_id == CLOCK_REALTIME else _clock() - _start()


class _ClockInfo:
    def __init__(self, name):
        self.adjustable = name == "time"
        self.implementation = "virtual"
        self.monotonic = name != "time"
        self.resolution = 1e-09

    def __repr__(self):
        return (
            f"namespace(adjustable={self.adjustable}, implementation='virtual', "
            f"monotonic={self.monotonic}, resolution={self.resolution})"
        )


def get_clock_info(name):
    return _ClockInfo(name)


class struct_time(tuple):
    n_fields = 11
    n_sequence_fields = 9
    n_unnamed_fields = 0

    def __new__(cls, fields):
        fields = tuple(fields)
        if len(fields) < 9:
            raise TypeError(f"time.struct_time() takes an at least 9-sequence ({len(fields)}-sequence given)")
        return tuple.__new__(cls, fields[:9])

    tm_year = property(lambda self: self[0])
    tm_mon = property(lambda self: self[1])
    tm_mday = property(lambda self: self[2])
    tm_hour = property(lambda self: self[3])
    tm_min = property(lambda self: self[4])
    tm_sec = property(lambda self: self[5])
    tm_wday = property(lambda self: self[6])
    tm_yday = property(lambda self: self[7])
    tm_isdst = property(lambda self: self[8])
    tm_zone = property(lambda self: "UTC")
    tm_gmtoff = property(lambda self: 0)

    def __repr__(self):
        return (
            "time.struct_time(tm_year=%d, tm_mon=%d, tm_mday=%d, tm_hour=%d, tm_min=%d, tm_sec=%d, "
            "tm_wday=%d, tm_yday=%d, tm_isdst=%d)" % tuple(self)
        )


def gmtime(seconds=None):
    if seconds is None:
        seconds = _clock() // 1000000000
    elif not isinstance(seconds, (int, float)):
        raise TypeError(f"'{type(seconds).__name__}' object cannot be interpreted as an integer")
    return struct_time(_calendar(seconds))


def localtime(seconds=None):
    return gmtime(seconds)


def mktime(t, /):
    return float(_timestamp(tuple(t)))


def asctime(t=None, /):
    if t is None:
        t = gmtime()
    return "%s %s %2d %02d:%02d:%02d %d" % (_DAYS[t[6]][:3], _MONTHS[t[1] - 1][:3], t[2], t[3], t[4], t[5], t[0])


def ctime(seconds=None, /):
    return asctime(gmtime(seconds))


def _week(t, first):
    """Week of the year, weeks beginning on `first` (0 for Monday)."""
    return (t[7] - 1 + 7 - (t[6] - first) % 7) // 7


def _iso(t):
    """Year and week by ISO 8601."""
    week = (t[7] - 1 - t[6] + 10) // 7
    year = t[0]
    if week < 1:
        year -= 1
        week = _weeks_in(year)
    elif week > _weeks_in(year):
        year += 1
        week = 1
    return year, week


def _weeks_in(year):
    def p(y):
        return (y + y // 4 - y // 100 + y // 400) % 7

    return 53 if p(year) == 4 or p(year - 1) == 3 else 52


def _directive(c, t):
    if c == "Y":
        return str(t[0])
    if c == "m":
        return "%02d" % t[1]
    if c == "d":
        return "%02d" % t[2]
    if c == "H":
        return "%02d" % t[3]
    if c == "M":
        return "%02d" % t[4]
    if c == "S":
        return "%02d" % t[5]
    if c == "y":
        return "%02d" % (t[0] % 100)
    if c == "C":
        return "%02d" % (t[0] // 100)
    if c == "e":
        return "%2d" % t[2]
    if c == "I":
        return "%02d" % ((t[3] + 11) % 12 + 1)
    if c == "l":
        return "%2d" % ((t[3] + 11) % 12 + 1)
    if c == "k":
        return "%2d" % t[3]
    if c == "p":
        return "AM" if t[3] < 12 else "PM"
    if c == "P":
        return "am" if t[3] < 12 else "pm"
    if c == "a":
        return _DAYS[t[6]][:3]
    if c == "A":
        return _DAYS[t[6]]
    if c == "b" or c == "h":
        return _MONTHS[t[1] - 1][:3]
    if c == "B":
        return _MONTHS[t[1] - 1]
    if c == "j":
        return "%03d" % t[7]
    if c == "w":
        return str((t[6] + 1) % 7)
    if c == "u":
        return str(t[6] + 1)
    if c == "U":
        return "%02d" % _week(t, 6)
    if c == "W":
        return "%02d" % _week(t, 0)
    if c == "G":
        return str(_iso(t)[0])
    if c == "g":
        return "%02d" % (_iso(t)[0] % 100)
    if c == "V":
        return "%02d" % _iso(t)[1]
    if c == "D" or c == "x":
        return strftime("%m/%d/%y", t)
    if c == "F":
        return strftime("%Y-%m-%d", t)
    if c == "T" or c == "X":
        return strftime("%H:%M:%S", t)
    if c == "R":
        return strftime("%H:%M", t)
    if c == "r":
        return strftime("%I:%M:%S %p", t)
    if c == "c":
        return strftime("%a %b %e %H:%M:%S %Y", t)
    if c == "s":
        return str(_timestamp(tuple(t)))
    if c == "z":
        return "+0000"
    if c == "Z":
        return "UTC"
    if c == "n":
        return "\n"
    if c == "t":
        return "\t"
    if c == "%":
        return "%"
    return "%" + c


def strftime(format, t=None, /):
    if not isinstance(format, str):
        raise TypeError(f"strftime() argument 1 must be str, not {type(format).__name__}")
    if t is None:
        t = gmtime()
    out = []
    i = 0
    while i < len(format):
        c = format[i]
        if c == "%" and i + 1 < len(format):
            i += 1
            if format[i] in "-_0^#" and i + 1 < len(format):
                flag = format[i]
                i += 1
                text = _directive(format[i], t)
                if flag == "-":
                    text = text.lstrip("0 ") or "0"
                elif flag == "^":
                    text = text.upper()
                out.append(text)
            else:
                out.append(_directive(format[i], t))
        else:
            out.append(c)
        i += 1
    return "".join(out)


def strptime(data_string, format="%a %b %d %H:%M:%S %Y", /):
    from _strptime import parse

    return struct_time(parse(data_string, format)[0])
