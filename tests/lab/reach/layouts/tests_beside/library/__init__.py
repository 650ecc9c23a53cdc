from .shelf import Shelf as Shelf
