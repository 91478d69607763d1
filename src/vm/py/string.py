"""Character sets and templates."""

__all__ = ["ascii_letters", "ascii_lowercase", "ascii_uppercase", "capwords", "digits", "hexdigits", "octdigits",
           "printable", "punctuation", "whitespace", "Formatter", "Template"]

whitespace = " \t\n\r\v\f"
ascii_lowercase = "abcdefghijklmnopqrstuvwxyz"
ascii_uppercase = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ascii_letters = ascii_lowercase + ascii_uppercase
digits = "0123456789"
hexdigits = digits + "abcdef" + "ABCDEF"
octdigits = "01234567"
punctuation = r"""!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~"""
printable = digits + ascii_letters + punctuation + whitespace


def capwords(s, sep=None):
    return (sep or " ").join([word.capitalize() for word in s.split(sep)])


class Template:
    delimiter = "$"

    def __init__(self, template):
        self.template = template

    def _name_end(self, at):
        text = self.template
        if at < len(text) and (text[at] == "_" or (text[at].isascii() and text[at].isalpha())):
            end = at + 1
            while end < len(text) and (text[end] == "_" or (text[end].isascii() and text[end].isalnum())):
                end += 1
            return end
        return at

    def _pieces(self):
        """Literal texts, and tuples of name and the text it stands in; None for a bad placeholder, with its position."""
        text = self.template
        mark = self.delimiter
        at = 0
        while True:
            found = text.find(mark, at)
            if found < 0:
                yield text[at:]
                return
            yield text[at:found]
            at = found + len(mark)
            if text.startswith(mark, at):
                yield mark
                at += len(mark)
                continue
            braced = text[at : at + 1] == "{"
            start = at + 1 if braced else at
            end = self._name_end(start)
            if end > start and (not braced or text[end : end + 1] == "}"):
                name = text[start:end]
                at = end + 1 if braced else end
                yield (name, text[found:at])
            else:
                yield (None, found)

    def _bad(self, at):
        lines = self.template[:at].splitlines(keepends=True)
        if not lines:
            colno, lineno = 1, 1
        else:
            colno = at - len("".join(lines[:-1]))
            lineno = len(lines)
        raise ValueError("Invalid placeholder in string: line %d, col %d" % (lineno, colno))

    def substitute(self, mapping={}, /, **kws):
        out = []
        for piece in self._pieces():
            if isinstance(piece, str):
                out.append(piece)
            elif piece[0] is None:
                self._bad(piece[1])
            else:
                name = piece[0]
                out.append(str(kws[name] if name in kws else mapping[name]))
        return "".join(out)

    def safe_substitute(self, mapping={}, /, **kws):
        out = []
        for piece in self._pieces():
            if isinstance(piece, str):
                out.append(piece)
            elif piece[0] is None:
                out.append(self.delimiter)
            else:
                name, shown = piece
                if name in kws:
                    out.append(str(kws[name]))
                else:
                    try:
                        out.append(str(mapping[name]))
                    except KeyError:
                        out.append(shown)
        return "".join(out)

    def get_identifiers(self):
        names = []
        for piece in self._pieces():
            if not isinstance(piece, str) and piece[0] is not None and piece[0] not in names:
                names.append(piece[0])
        return names

    def is_valid(self):
        return all([isinstance(piece, str) or piece[0] is not None for piece in self._pieces()])


class Formatter:
    def format(self, format_string, /, *args, **kwargs):
        return self.vformat(format_string, args, kwargs)

    def vformat(self, format_string, args, kwargs):
        return format_string.format(*args, **kwargs)
