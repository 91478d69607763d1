import sys

for attempt in ("missing", "pkg.missing", "plain.sub", "explodes"):
    try:
        __import__(attempt)
    except Exception as e:
        print(attempt, "->", type(e).__name__, e, getattr(e, "name", None))

try:
    from plain import nothing
except ImportError as e:
    print(str(e).split(" (")[0], e.name)

try:
    from pkg import nothing
except ImportError as e:
    print(str(e).split(" (")[0])

try:
    import explodes
except ValueError as e:
    print("again", e)
print("explodes" in sys.modules, "plain" in sys.modules)

try:
    import broken_syntax
except SyntaxError as e:
    print(e.msg, e.lineno, e.text)

try:
    from . import plain
except ImportError as e:
    print(e)

from pkg import climber

climber.climb()
