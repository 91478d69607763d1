"""Random numbers; here they follow from the run's seed like all others."""

import random as _random
from random import SystemRandom

_inst = SystemRandom()
choice = _inst.choice
randbits = _inst.getrandbits


def randbelow(exclusive_upper_bound):
    if exclusive_upper_bound <= 0:
        raise ValueError("Upper bound must be positive.")
    return _inst._randbelow(exclusive_upper_bound)


def token_bytes(nbytes=None):
    return _inst.randbytes(32 if nbytes is None else nbytes)


def token_hex(nbytes=None):
    return token_bytes(nbytes).hex()


def token_urlsafe(nbytes=None):
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return "".join([letters[_inst._randbelow(64)] for _ in range((32 if nbytes is None else nbytes) * 4 // 3)])


def compare_digest(a, b):
    return a == b
