"""Dates from text, for `time.strptime` and `datetime.strptime`."""

from _raddle import calendar as _calendar
from _raddle import timestamp as _timestamp

_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_MONTHS = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december"]
_WIDTHS = {"Y": 4, "m": 2, "d": 2, "H": 2, "M": 2, "S": 2, "y": 2, "I": 2, "j": 3, "f": 6, "w": 1}


def _mismatch(text, format):
    return ValueError(f"time data {text!r} does not match format {format!r}")


def _digits(text, at, width, error):
    end = at
    while end < len(text) and end - at < width and text[end].isdigit():
        end += 1
    if end == at:
        raise error
    return int(text[at:end]), end


def _name(text, at, names, error):
    low = text[at:].lower()
    for i in range(len(names)):
        if low.startswith(names[i]):
            return i, at + len(names[i])
    for i in range(len(names)):
        if low.startswith(names[i][:3]):
            return i, at + 3
    raise error


def _expand(format):
    for short, long in (("%T", "%H:%M:%S"), ("%X", "%H:%M:%S"), ("%D", "%m/%d/%y"), ("%x", "%m/%d/%y"), ("%F", "%Y-%m-%d"),
                        ("%R", "%H:%M"), ("%c", "%a %b %d %H:%M:%S %Y")):
        format = format.replace(short, long)
    return format


def parse(text, format):
    """The nine fields, microseconds, and the offset in seconds or None."""
    error = _mismatch(text, format)
    fields = {"Y": 1900, "m": 1, "d": 1, "H": 0, "M": 0, "S": 0, "f": 0}
    afternoon = None
    offset = None
    at = 0
    i = 0
    pattern = _expand(format)
    while i < len(pattern):
        c = pattern[i]
        i += 1
        if c.isspace():
            if at < len(text) and not text[at].isspace():
                raise error
            while at < len(text) and text[at].isspace():
                at += 1
            continue
        if c != "%":
            if at >= len(text) or text[at].lower() != c.lower():
                raise error
            at += 1
            continue
        if i >= len(pattern):
            raise ValueError(f"stray %% in format '{format}'")
        c = pattern[i]
        i += 1
        if c == "%":
            if text[at : at + 1] != "%":
                raise error
            at += 1
        elif c in "bBh":
            fields["m"], at = _name(text, at, _MONTHS, error)
            fields["m"] += 1
        elif c in "aA":
            _, at = _name(text, at, _DAYS, error)
        elif c == "p":
            half = text[at : at + 2].lower()
            if half != "am" and half != "pm":
                raise error
            afternoon = half == "pm"
            at += 2
        elif c == "z":
            if text[at : at + 1] == "Z":
                offset = 0
                at += 1
            else:
                sign = {"+": 1, "-": -1}.get(text[at : at + 1])
                if sign is None:
                    raise error
                hours, at = _digits(text, at + 1, 2, error)
                if text[at : at + 1] == ":":
                    at += 1
                minutes, at = _digits(text, at, 2, error)
                offset = sign * (hours * 3600 + minutes * 60)
        elif c == "Z":
            for zone in ("utc", "gmt"):
                if text[at : at + 3].lower() == zone:
                    at += 3
                    break
            else:
                raise error
        elif c in _WIDTHS:
            start = at
            value, at = _digits(text, at, _WIDTHS[c], error)
            if c == "Y" and at - start != 4:
                raise error
            if c == "y":
                c, value = "Y", value + (1900 if value >= 69 else 2000)
            elif c == "f":
                value *= 10 ** (6 - (at - start))
            fields[c] = value
        else:
            raise ValueError(f"'{c}' is a bad directive in format '{format}'")
    if at < len(text):
        raise ValueError(f"unconverted data remains: {text[at:]}")
    if "I" in fields:
        fields["H"] = fields["I"] % 12 + (12 if afternoon else 0)
    low = {"m": 1, "d": 1}
    high = {"m": 12, "d": 31, "H": 23, "M": 59, "S": 61}
    for c in high:
        if not low.get(c, 0) <= fields[c] <= high[c]:
            raise error
    if "j" in fields:
        fields["m"], fields["d"] = 1, fields["j"]
    date = (fields["Y"], fields["m"], fields["d"], fields["H"], fields["M"], fields["S"])
    full = _calendar(_timestamp(date + (0, 0, 0)))
    if "j" not in fields and (full[1] != fields["m"] or full[2] != fields["d"]):
        raise ValueError("day is out of range for month")
    return full[:8] + (-1,), fields["f"], offset
