"""Universally unique identifiers, drawn from the run's random numbers."""

import random as _random


class UUID:
    def __init__(self, hex=None, bytes=None, int=None, version=None):
        if hex is not None:
            hex = hex.replace("urn:", "").replace("uuid:", "").strip("{}").replace("-", "")
            if len(hex) != 32:
                raise ValueError("badly formed hexadecimal UUID string")
            value = _int(hex, 16)
        elif bytes is not None:
            value = _int.from_bytes(bytes, "big")
        else:
            value = int
        if version is not None:
            value = value & ~(0xC000 << 48) | (0x8000 << 48)
            value = value & ~(0xF000 << 64) | (version << 76)
        self.int = value

    @property
    def hex(self):
        return "%032x" % self.int

    @property
    def bytes(self):
        return self.int.to_bytes(16, "big")

    @property
    def version(self):
        return (self.int >> 76) & 0xF

    @property
    def urn(self):
        return "urn:uuid:" + str(self)

    def __str__(self):
        h = self.hex
        return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"

    def __repr__(self):
        return f"UUID('{self}')"

    def __int__(self):
        return self.int

    def __eq__(self, other):
        return self.int == other.int if isinstance(other, UUID) else NotImplemented

    def __lt__(self, other):
        return self.int < other.int if isinstance(other, UUID) else NotImplemented

    def __hash__(self):
        return hash(self.int)


_int = int


def uuid4():
    return UUID(int=_random.getrandbits(128), version=4)


def uuid1(node=None, clock_seq=None):
    return UUID(int=_random.getrandbits(128), version=1)
