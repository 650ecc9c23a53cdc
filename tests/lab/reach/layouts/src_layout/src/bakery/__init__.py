"""A package in src, which is neither installed nor on the path."""

from bakery.oven import Oven

__all__ = ["Oven"]
