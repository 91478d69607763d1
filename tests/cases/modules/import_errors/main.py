import sys

try:
    import missing
except ImportError as e:
    print(type(e).__name__, e, e.name)
try:
    import pkg.missing
except ImportError as e:
    print(type(e).__name__, e, e.name)
try:
    import plain.sub
except ImportError as e:
    print(type(e).__name__, e, e.name)
try:
    import explodes
except ValueError as e:
    print(type(e).__name__, e)

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
    from . import plain
except ImportError as e:
    print(e)
