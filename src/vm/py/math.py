"""Mathematical functions."""

from _raddle import (
    math_acos as acos, math_acosh as acosh, math_asin as asin, math_asinh as asinh, math_atan as atan,
    math_atan2 as atan2, math_atanh as atanh, math_cbrt as cbrt, math_copysign as copysign, math_cos as cos,
    math_cosh as cosh, math_erf as erf, math_erfc as erfc, math_exp as exp, math_exp2 as exp2, math_expm1 as expm1, math_fma as fma, math_fmod as fmod,
    math_frexp as frexp, math_gamma as _gamma, math_hypot as _hypot, math_ldexp as ldexp, math_lgamma as _lgamma, math_log as _log, math_log1p as log1p,
    math_nextafter as _nextafter, math_pow as pow, math_remainder as remainder, math_sin as sin, math_sinh as sinh,
    math_sqrt as sqrt, math_tan as tan, math_tanh as tanh,
)

pi = 3.141592653589793
e = 2.718281828459045
tau = 6.283185307179586
inf = float("inf")
nan = float("nan")
_sum = sum


def _number(x):
    if not isinstance(x, (int, float)):
        method = getattr(type(x), "__float__", None)
        if method is None:
            if hasattr(type(x), "__index__"):
                return float(x.__index__())
            raise TypeError(f"must be real number, not {type(x).__name__}")
        return method(x)
    return x


def _index(x):
    if isinstance(x, int):
        return int(x)
    method = getattr(type(x), "__index__", None)
    if method is None:
        raise TypeError(f"'{type(x).__name__}' object cannot be interpreted as an integer")
    return method(x)


def floor(x, /):
    if isinstance(x, int):
        return int(x)
    if not isinstance(x, float):
        method = getattr(type(x), "__floor__", None)
        if method is not None:
            return method(x)
        x = _number(x)
    n = int(x)
    return n - 1 if n > x else n


def ceil(x, /):
    if isinstance(x, int):
        return int(x)
    if not isinstance(x, float):
        method = getattr(type(x), "__ceil__", None)
        if method is not None:
            return method(x)
        x = _number(x)
    n = int(x)
    return n + 1 if n < x else n


def trunc(x, /):
    if isinstance(x, (int, float)):
        return int(x)
    method = getattr(type(x), "__trunc__", None)
    if method is None:
        raise TypeError(f"type {type(x).__name__} doesn't define __trunc__ method")
    return method(x)


def fabs(x, /):
    return abs(float(_number(x)))


def isnan(x, /):
    x = float(_number(x))
    return x != x


def isinf(x, /):
    x = float(_number(x))
    return x == inf or x == -inf


def isfinite(x, /):
    x = float(_number(x))
    return x == x and x != inf and x != -inf


def isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0):
    if rel_tol < 0.0 or abs_tol < 0.0:
        raise ValueError("tolerances must be non-negative")
    if a == b:
        return True
    if isinf(a) or isinf(b):
        return False
    diff = abs(b - a)
    return diff <= abs(rel_tol * b) or diff <= abs(rel_tol * a) or diff <= abs_tol


def degrees(x, /):
    return x * (180.0 / pi)


def radians(x, /):
    return x * (pi / 180.0)


def modf(x, /):
    x = float(_number(x))
    if isinf(x):
        return (copysign(0.0, x), x)
    if x != x:
        return (x, x)
    whole = copysign(float(int(x)), x)
    return (copysign(x - whole, x), whole)


def log(x, base=None, /):
    if base is None:
        return _log(x, 0)
    return _log(x, 0) / _log(base, 0)


def log2(x, /):
    return _log(x, 2)


def log10(x, /):
    return _log(x, 10)


def hypot(*coordinates):
    return _hypot(coordinates)


def dist(p, q, /):
    p, q = tuple(p), tuple(q)
    if len(p) != len(q):
        raise ValueError("both points must have the same number of dimensions")
    return _hypot(tuple([a - b for a, b in zip(p, q)]))


def nextafter(x, y, /, *, steps=None):
    if steps is None:
        return _nextafter(x, y)
    for _ in range(steps):
        x = _nextafter(x, y)
    return x


def ulp(x, /):
    x = abs(float(_number(x)))
    if x != x or x == inf:
        return x
    above = _nextafter(x, inf)
    if above == inf:
        return x - _nextafter(x, 0.0)
    return above - x


def gcd(*integers):
    result = 0
    for n in integers:
        n = abs(_index(n))
        while n:
            result, n = n, result % n
    return result


def lcm(*integers):
    result = 1
    for n in integers:
        n = abs(_index(n))
        if n == 0:
            return 0
        result = result // gcd(result, n) * n
    return result


def factorial(n, /):
    n = _index(n)
    if n < 0:
        raise ValueError("factorial() not defined for negative values")
    return _product(1, n) if n else 1


def _product(low, high):
    if high - low < 8:
        result = 1
        for i in range(low, high + 1):
            result *= i
        return result
    mid = (low + high) // 2
    return _product(low, mid) * _product(mid + 1, high)


def comb(n, k, /):
    n, k = _index(n), _index(k)
    if n < 0:
        raise ValueError("n must be a non-negative integer")
    if k < 0:
        raise ValueError("k must be a non-negative integer")
    if k > n:
        return 0
    k = min(k, n - k)
    result = 1
    for i in range(k):
        result = result * (n - i) // (i + 1)
    return result


def perm(n, k=None, /):
    n = _index(n)
    if k is None:
        return factorial(n)
    k = _index(k)
    if n < 0:
        raise ValueError("n must be a non-negative integer")
    if k < 0:
        raise ValueError("k must be a non-negative integer")
    result = 1
    for i in range(k):
        result *= n - i
        if not result:
            break
    return result


def isqrt(n, /):
    n = _index(n)
    if n < 0:
        raise ValueError("isqrt() argument must be nonnegative")
    if n == 0:
        return 0
    x = 1 << ((n.bit_length() + 1) // 2)
    while True:
        y = (x + n // x) // 2
        if y >= x:
            return x
        x = y


def prod(iterable, /, *, start=1):
    for x in iterable:
        start *= x
    return start


def sumprod(p, q, /):
    p, q = list(p), list(q)
    if len(p) != len(q):
        raise ValueError("Inputs are not the same length")
    return _sum([a * b for a, b in zip(p, q)])


def fsum(seq, /):
    """The sum of floats, exact but for the last rounding (Shewchuk's partial sums)."""
    partials = []
    for x in seq:
        x = float(_number(x))
        i = 0
        for y in partials:
            if abs(x) < abs(y):
                x, y = y, x
            hi = x + y
            lo = y - (hi - x)
            if lo:
                partials[i] = lo
                i += 1
            x = hi
        partials[i:] = [x]
    total = 0.0
    n = len(partials)
    while n:
        n -= 1
        x = total
        y = partials[n]
        total = x + y
        lo = y - (total - x)
        if lo:
            if n and ((lo < 0.0 and partials[n - 1] < 0.0) or (lo > 0.0 and partials[n - 1] > 0.0)):
                y = lo * 2.0
                x = total + y
                if y == x - total:
                    total = x
            break
    return total


def gamma(x, /):
    x = float(_number(x))
    if x == floor(x) if isfinite(x) else x == -inf:
        if x <= 0.0:
            raise ValueError("math domain error")
        if x <= 23.0:
            return float(factorial(int(x) - 1))
    return _gamma(x)


def lgamma(x, /):
    x = float(_number(x))
    if isinf(x):
        return inf
    if x <= 0.0 and x == floor(x):
        raise ValueError("math domain error")
    return _lgamma(x)
