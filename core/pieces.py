"""How a sweep says what it did: a number, which is a More where more is due at once."""


class More(int):
    """So many pieces done, and it is to be called again without a pause; also where it came to none."""


def of_batch(done: int, batch: int) -> int:
    """Where all that were allowed at once were found, there may be more."""
    return More(done) if done >= batch else done
