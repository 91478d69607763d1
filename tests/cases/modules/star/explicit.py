__all__ = ["shown", "also_shown", "_listed"]
shown = 1
also_shown = 2
_listed = "underscore but listed"
not_listed = 3
