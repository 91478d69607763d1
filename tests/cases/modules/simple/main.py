import shapes
import shapes as s
from shapes import area, PI as pi
from shapes import Circle

print(shapes.__name__, shapes.__doc__)
print(s is shapes, area(2), pi, Circle(3))
print(Circle.__module__, repr(Circle), area.__module__)
shapes.PI = 4
print(pi, shapes.PI, area(1))
print(hasattr(shapes, "_hidden"), shapes._hidden)
