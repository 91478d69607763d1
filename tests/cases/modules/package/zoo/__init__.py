print("init zoo")
from .config import VERSION
from . import mammals
