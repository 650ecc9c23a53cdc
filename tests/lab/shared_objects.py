"""How soon the faults of ``tests/races/objects`` are found: ``python -m tests.lab.shared_objects``.

For each object and ten seeds, with the default settings: how often, in which CPU time, with how
many calls. ``--sound N`` tries N programs of each twin instead.
"""

import argparse
import importlib
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from hypothesis import settings

from threadlab.oracle import EXAMPLES
from threadlab.oracle.check import find

FOLDER = Path(__file__).parents[1] / "races" / "objects"
NAMES = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem[0] != "_")


def load(name: str) -> Any:
    """The module, by which it has its own name: that is how a simulated world finds it."""
    return importlib.import_module(f"tests.races.objects.{name}")


def main() -> None:
    parser = argparse.ArgumentParser(description="How soon are the faults found?")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--sound", type=int, metavar="N", help="programs of each twin, instead")
    parser.add_argument("names", nargs="*", default=NAMES)
    options = parser.parse_args()
    as_set = settings(max_examples=EXAMPLES, database=None)
    for name in options.names:
        if options.sound:
            examples = settings(max_examples=options.sound, database=None)
            found = find(load(name).Sound, settings=examples, seed=0)
            print(f"{name:24} {found.error or 'sound'}", flush=True)
            continue
        spent, sizes = [], []
        for seed in range(options.seeds):
            begin = time.process_time()
            found = find(load(name).Faulty, settings=as_set, seed=seed)
            spent.append(time.process_time() - begin)
            if found.calls is not None:
                sizes.append(len(found.calls))
        print(
            f"{name:24} {len(sizes)} of {len(spent)}, median {statistics.median(spent):.1f} s, "
            f"at most {max(spent):.1f} s, calls {sorted(sizes)}",
            flush=True,
        )


if __name__ == "__main__":
    sys.exit(main())
