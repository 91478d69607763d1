import explicit as os_like_source

public = "no __all__ here"
_private = "hidden"
os_like = os_like_source.shown + 10
