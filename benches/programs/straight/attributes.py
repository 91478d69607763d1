# Attributes of instances, classes and parents; properties; slots; globals; objects made and dropped.

COUNT = 0


class Body:
    scale = 2

    def __init__(self, x, y, vx, vy):
        self.x = x
        self.y = y
        self.vx = vx
        self.vy = vy

    def move(self):
        self.x += self.vx
        self.y += self.vy
        if self.x > 1000:
            self.vx = -self.vx
        if self.y > 1000:
            self.vy = -self.vy

    @property
    def size(self):
        return self.scale * 3


class Heavy(Body):
    def __init__(self, x, y):
        super().__init__(x, y, 1, 2)
        self.mass = 7

    def move(self):
        super().move()
        self.mass += self.scale


class Node:
    __slots__ = ("next", "value")

    def __init__(self, value, next):
        self.value = value
        self.next = next


def bodies(n):
    all_of_them = [Body(i, i, 1, 2) for i in range(50)] + [Heavy(i, i) for i in range(20)]
    for _ in range(n):
        for body in all_of_them:
            body.move()
    return sum(body.x + body.y for body in all_of_them)


def chain(n):
    head = None
    for i in range(n):
        head = Node(i, head)
    total = 0
    node = head
    while node is not None:
        total += node.value
        node = node.next
    return total


def sizes(n):
    body = Body(0, 0, 0, 0)
    total = 0
    for _ in range(n):
        total += body.size + body.scale + Body.scale
    return total


def globals_too(n):
    global COUNT
    for i in range(n):
        COUNT += i
    return COUNT


print(bodies(6000), chain(300_000), sizes(300_000), globals_too(500_000))
