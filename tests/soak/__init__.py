"""The laws for hours: ``python -m tests.soak``, which is ``tox -e soak``."""
