NAME = "a submodule named in __all__"
