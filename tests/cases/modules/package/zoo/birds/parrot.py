from ..config import LOUD


def speak(word):
    return word.upper() if LOUD else word
