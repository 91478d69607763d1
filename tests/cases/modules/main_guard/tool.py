ran_as_main = False


class Thing:
    pass


def work(n):
    return [__name__] * n


if __name__ == "__main__":
    ran_as_main = True
    print("not reached when imported")
