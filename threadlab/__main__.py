"""``python -m threadlab``."""

import sys

from threadlab.cli import main

if __name__ == "__main__":
    sys.exit(main())
