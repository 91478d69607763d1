"""Shapes, as a module."""

print("loading shapes as", __name__)

PI = 3
_hidden = "reachable by name"


def area(r):
    return PI * r * r


class Circle:
    def __init__(self, r):
        self.r = r

    def __repr__(self):
        return f"Circle({self.r}, area={area(self.r)})"
