from . import config
from .config import VERSION as v


def describe(name):
    return f"{name} v{v} loud={config.LOUD} in {__name__}"
