print("init zoo.config")
VERSION = "1.2"
LOUD = True
