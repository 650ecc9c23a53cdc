"""How long a verdict takes: ``python -m tests.benchmarks.gate [NAME…]``, by default of every race.

Each is judged in both worlds, as ``pytest -n auto --subject`` does, and the slowest are told.
"""

import argparse
import subprocess
import sys
import tempfile
import time

from tests.lab import gallery


def seconds(path: str) -> tuple[float, str]:
    """Of the verdict on the subject at ``path``, and the laws that it says are broken."""
    with tempfile.TemporaryDirectory() as folder:
        options = ("-q", "-n", "auto", f"--verdict-folder={folder}", "-p", "no:cacheprovider")
        begin = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "pytest", f"--subject={path}", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        spent = time.perf_counter() - begin
    broken = [line for line in done.stdout.splitlines() if line.startswith("broken ")]
    return spent, broken[0][17:] if broken else f"none, status {done.returncode}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.gate", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="a race, as timer_left_running")
    names = parser.parse_args().names
    races = [race for race in gallery.races() if not names or race.name in names]
    taken = []
    for race in races:
        spent, broken = seconds(str(race.path))
        taken.append(spent)
        print(f"{spent:6.1f} s  {race.name}: {broken}", flush=True)
    if taken:
        mean, most = sum(taken) / len(taken), max(taken)
        print(f"{len(taken)} subjects, {mean:.1f} s each, {most:.1f} s at most")


if __name__ == "__main__":
    main()
