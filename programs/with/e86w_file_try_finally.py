# A file closed by hand in `finally`. It is not there, so open raises and there is nothing to close.
# catalogue: E86w
# ending: finished
# outcomes: one
file = None
try:
    file = open("test.txt")
except Exception as e:
    print(e)
finally:
    if file is not None:
        file.close()
