"""The command: ``threadlab``, or ``python -m threadlab``."""

import sys

REQUIRED = ("greenlet", "hypothesis", "rich")
"""What the extra ``lab`` brings."""


def main() -> int:
    try:
        from threadlab import cli
    except ModuleNotFoundError as error:
        if error.name not in REQUIRED:
            raise
        print(f'threadlab needs {error.name}: pip install "threadprims[lab]"', file=sys.stderr)
        return 2
    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
