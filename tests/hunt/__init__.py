"""The hunt: packages as they are today, used as they document it, from two or three threads.

The other programs of these tests have a known answer. These have none: each scenario is a use that
a package's documentation shows, with `close` and `stop` where it has them, and it is explored with
steps within the package. What is found there is a fault of the package, a use that it rules out,
or a fault of the laboratory; `README.md` has what came of each.

Nothing here is run by pytest, and nothing is pinned: ``python -m tests.hunt`` explores whatever is
installed.
"""
