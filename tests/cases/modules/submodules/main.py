import sys
import pkg

print(hasattr(pkg, "one"))
import pkg.one

print(hasattr(pkg, "one"), pkg.one.VALUE)
from pkg import two

print(two.VALUE, pkg.two is two)
import pkg.deep.leaf

print(pkg.deep.leaf.where(), pkg.deep is sys.modules["pkg.deep"])
import pkg.deep.leaf as leaf

print(leaf.__name__, leaf.__package__)


def inside():
    import pkg.three
    from pkg.three import VALUE

    return pkg.three.VALUE, VALUE


print(inside(), sorted(m for m in sys.modules if m.startswith("pkg")))
print(pkg.shadow, type(pkg.shadow).__name__)
import pkg.shadow

print(type(pkg.shadow).__name__)
