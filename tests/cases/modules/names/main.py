import lazy
from lazy import computed
import shared
import writer

print(lazy.anything, computed, lazy.real)
try:
    lazy.absent
except AttributeError as e:
    print(e)
try:
    shared.absent
except AttributeError as e:
    print(e)

writer.write("from main")
print(shared.state, shared.read())
shared.state = ["replaced"]
print(shared.read())
shared.extra = 5
del shared.extra
print(hasattr(shared, "extra"), [k for k in vars(shared) if not k.startswith("__")])
print(writer.shared is shared, __name__, lazy.__name__)
print(sorted(dir(lazy))[-2:], lazy.__dict__["real"])


def hides():
    shared = "local"
    return shared


print(hides(), type(shared).__name__)
