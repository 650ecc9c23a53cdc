"""Tests beside the package, which a conftest puts on the path.

Racy: if, where it must be while.
"""

import conftest  # noqa: F401
from helpers import run_all
from library import Shelf


def lend(shelf, borrow):
    read = []

    def reader():
        book = borrow()
        read.append(book)
        shelf.give_back(book)

    run_all(reader, reader, reader)
    assert read == ["novel"] * 3
    assert shelf.books == ["novel"]


def scenario():
    shelf = Shelf(["novel"])
    lend(shelf, shelf.borrow)


def racy():
    shelf = Shelf(["novel"])
    lend(shelf, shelf.borrow_hastily)


if __name__ == "__main__":
    scenario()
