def climb():
    try:
        from ... import plain
    except ImportError as e:
        print(e)
