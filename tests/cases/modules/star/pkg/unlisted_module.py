NAME = "never imported"
