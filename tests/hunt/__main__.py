"""Explores the scenarios of the hunt, and prints what is found in each.

    python -m tests.hunt [NAME...] [--executions N] [--seconds S]

A scenario whose package is not installed is left out.
"""

import argparse
import ast
import functools
import importlib.metadata
import importlib.util
import sys
from pathlib import Path

from threadlab import ProgramError, explore

FOLDER = Path(__file__).parent
DAEMONS = {
    *("can_notifier", "datadog_statsd", "huey_consumer", "pymongo_client", "pyrate_limiter_calls"),
    *("sentry_events", "tqdm_bars", "waitress_site"),
}
"""Whose threads are daemons that nothing joins."""


def packages(tree: ast.Module) -> list[str]:
    """The installed ones that are imported, in which threads take turns."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(str(node.module).partition(".")[0])
    return sorted(names - sys.stdlib_module_names)


_distributions = functools.cache(importlib.metadata.packages_distributions)  # which is slow


def versions(names: list[str]) -> str:
    distributions = _distributions()
    found = {one for name in names for one in distributions.get(name, ())[:1]}
    return ", ".join(f"{one} {importlib.metadata.version(one)}" for one in sorted(found))


def main() -> int:
    parser = argparse.ArgumentParser("python -m tests.hunt", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="files; all if none is given")
    parser.add_argument("--executions", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    found = 0
    for file in sorted(FOLDER.glob("[!_]*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        include = packages(tree)
        if options.names and file.stem not in options.names:
            continue
        if not all(importlib.util.find_spec(name) for name in include):
            continue
        for function in tree.body:
            if isinstance(function, ast.FunctionDef) and not function.args.args:
                print(f"{file.stem}:{function.name}, {versions(include)}", end=": ", flush=True)
                try:
                    result = explore(
                        f"{file}:{function.name}",
                        executions=options.executions,
                        seconds=options.seconds,
                        include=include,
                        daemons="allow" if file.stem in DAEMONS else "fail",
                        races="off",
                    )
                except ProgramError as error:
                    print(f"refused: {error}")
                    continue
                found += result.found
                what = result.failure if result.found else "nothing found"
                print(f"{what}, {result.executions} executions")
    return min(found, 1)


if __name__ == "__main__":
    sys.exit(main())
