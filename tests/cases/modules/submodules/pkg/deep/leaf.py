from .. import one as first
from ..two import VALUE


def where():
    return __name__, first.VALUE, VALUE
