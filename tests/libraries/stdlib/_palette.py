"""What ``importlib_`` imports lazily."""

red = 1
blue = 2
