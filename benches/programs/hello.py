# The smallest program: what a process costs.
print("hello, world")
