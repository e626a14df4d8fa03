"""What the reading of SQL raises where it meets what it does not understand."""


class NotUnderstoodError(Exception):
    """A construct whose meaning is not known: it counts with everything that it is made of."""
