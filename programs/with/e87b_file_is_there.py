# `with open` closes the file at the end of the block, here one that was written before.
# catalogue: E87b
# ending: finished
# outcomes: one
# python: none
with open("test.txt", "w") as file:
    file.write("two\nlines\n")

with open("test.txt") as file:
    text = file.read()
print(file.closed, repr(text))
