from .. import config
from ..mammals import describe

print("init", __name__, config.VERSION)


def count():
    return describe("two birds")
