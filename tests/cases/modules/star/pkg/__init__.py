__all__ = ["inside", "tool"]
inside = "from the package"
