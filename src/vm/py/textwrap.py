"""Texts in lines."""

__all__ = ["wrap", "fill", "dedent", "indent", "shorten", "TextWrapper"]


def dedent(text):
    lines = ["" if not line.strip() else line for line in text.split("\n")]
    margin = None
    for line in lines:
        if line:
            indent = line[: len(line) - len(line.lstrip())]
            if margin is None:
                margin = indent
            else:
                same = 0
                while same < min(len(margin), len(indent)) and margin[same] == indent[same]:
                    same += 1
                margin = margin[:same]
    margin = len(margin or "")
    return "\n".join([line[margin:] for line in lines])


def indent(text, prefix, predicate=None):
    out = []
    for line in text.splitlines(True):
        wanted = line.strip() if predicate is None else predicate(line)
        out.append(prefix + line if wanted else line)
    return "".join(out)


class TextWrapper:
    def __init__(self, width=70, initial_indent="", subsequent_indent="", expand_tabs=True, replace_whitespace=True,
                 fix_sentence_endings=False, break_long_words=True, drop_whitespace=True, break_on_hyphens=True,
                 tabsize=8, *, max_lines=None, placeholder=" [...]"):
        self.width = width
        self.initial_indent = initial_indent
        self.subsequent_indent = subsequent_indent
        self.break_long_words = break_long_words
        self.break_on_hyphens = break_on_hyphens
        self.max_lines = max_lines
        self.placeholder = placeholder
        self.tabsize = tabsize

    def _chunks(self, text):
        chunks = []
        for word in text.expandtabs(self.tabsize).split():
            if self.break_on_hyphens and "-" in word.strip("-"):
                start = 0
                for i in range(1, len(word) - 1):
                    if word[i] == "-" and word[i - 1].isalpha() and word[i + 1].isalpha():
                        chunks.append((word[start : i + 1], start == 0))
                        start = i + 1
                chunks.append((word[start:], start == 0))
            else:
                chunks.append((word, True))
        return chunks

    def wrap(self, text):
        if self.width <= 0:
            raise ValueError("invalid width %r (must be > 0)" % self.width)
        chunks = self._chunks(text)
        lines = []
        at = 0
        while at < len(chunks):
            indent = self.subsequent_indent if lines else self.initial_indent
            room = self.width - len(indent)
            line = ""
            while at < len(chunks):
                word, spaced = chunks[at]
                piece = (" " if spaced and line else "") + word
                if len(line) + len(piece) <= room:
                    line += piece
                    at += 1
                    continue
                if not line or (self.break_long_words and len(word) > room and not line):
                    if self.break_long_words and len(word) > room:
                        line = word[: max(room, 1)]
                        chunks[at] = (word[max(room, 1) :], True)
                    else:
                        line = word
                        at += 1
                elif self.break_long_words and len(word) > room:
                    gap = room - len(line) - (1 if spaced else 0)
                    if gap > 0:
                        line += (" " if spaced else "") + word[:gap]
                        chunks[at] = (word[gap:], True)
                break
            if self.max_lines is not None and len(lines) + 1 == self.max_lines and at < len(chunks):
                words = line.split(" ")
                while words and len(" ".join(words)) + len(self.placeholder) > room:
                    words.pop()
                if words:
                    lines.append(indent + " ".join(words) + self.placeholder)
                else:
                    lines.append(indent + self.placeholder.lstrip())
                return lines
            lines.append(indent + line)
        return lines

    def fill(self, text):
        return "\n".join(self.wrap(text))


def wrap(text, width=70, **kwargs):
    return TextWrapper(width=width, **kwargs).wrap(text)


def fill(text, width=70, **kwargs):
    return TextWrapper(width=width, **kwargs).fill(text)


def shorten(text, width, **kwargs):
    return TextWrapper(width=width, max_lines=1, **kwargs).fill(" ".join(text.strip().split()))
