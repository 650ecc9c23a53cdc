"""The command: ``threadlab``, or ``python -m threadlab``."""

import sys

REQUIRED = ("greenlet", "hypothesis", "rich")
"""What the extra ``lab`` brings."""


def main() -> int:
    try:
        from threadlab import cli  # here, as Ctrl-C may come meanwhile

        return cli.main()
    except KeyboardInterrupt:
        print("threadlab: ended by Ctrl-C", file=sys.stderr)
        return 130  # as shells have it
    except ModuleNotFoundError as error:
        if error.name not in REQUIRED:
            raise
        print(f'threadlab needs {error.name}: pip install "threadprims[lab]"', file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
