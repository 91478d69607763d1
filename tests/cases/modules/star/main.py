from explicit import *
from implicit import *
from pkg import *

print(shown, also_shown, _listed)
for name in ("not_listed", "_private", "unlisted_module"):
    try:
        print(name, globals()[name])
    except KeyError as e:
        print("missing", e)
print(public, os_like)
print(inside, tool.NAME)

try:
    from liar import *
except AttributeError as e:
    print(e)
