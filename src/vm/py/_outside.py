"""What lies outside of all processes."""


class _Outside:
    """An object that processes have in common: a fork copies neither it nor what it alone refers to."""
