shadow = "a plain value until the submodule is imported"
