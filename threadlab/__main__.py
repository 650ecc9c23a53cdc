"""The command: ``threadlab``, or ``python -m threadlab``."""

import sys

from threadlab.errors import missing


def main() -> int:
    try:
        from threadlab import cli  # here, as Ctrl-C may come meanwhile

        return cli.main()
    except KeyboardInterrupt:
        print("threadlab: ended by Ctrl-C", file=sys.stderr)
        return 130  # as shells have it
    except ModuleNotFoundError as error:
        print(missing(error), file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
