# `with open` needs no `finally`. Of a file that is not there, it lets the exception through.
# catalogue: E87
# ending: exception
# outcomes: one
with open("test.txt") as file:
    text = file.read()
