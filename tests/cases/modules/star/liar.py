__all__ = ["promised"]
