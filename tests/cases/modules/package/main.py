import zoo
from zoo import mammals, VERSION
from zoo.birds import count, parrot
import zoo.birds.parrot as p2
from zoo.birds.parrot import speak as say

print("main", zoo.__name__, zoo.__package__, VERSION)
print(mammals.describe("bear"))
print(count(), p2 is parrot, say("hi"))
print(zoo.birds.__name__, zoo.birds.__package__, parrot.__name__, parrot.__package__)
print(sorted(n for n in dir(zoo) if not n.startswith("_")))
