"""A module with state, for ``sibling.py``."""

total = 0


def add():
    global total
    total += 1
