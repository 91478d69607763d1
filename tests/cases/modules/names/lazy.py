real = "plain attribute"


def __getattr__(name):
    if name == "absent" or name.startswith("__"):
        raise AttributeError(f"lazy has no {name}")
    return f"made {name}"


def __dir__():
    return ["a", "real", "z"]
