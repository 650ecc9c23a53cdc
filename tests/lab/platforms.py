"""The suite on whatever interpreters it is pointed at: ``python -m tests.lab.platforms PYTHON…``.

Each gets a virtual environment in a temporary folder, in which the project is installed with what
its tests need. Where the GIL is off, real threads alone are tried, as tox does: greenlet crashes on
3.13t, and turns the GIL on elsewhere. Prints rows of the table in ``tests/README.md``.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
ASKED = (
    "import sys, sysconfig; print(*sys.version.split()[:1], "
    "'off' if sysconfig.get_config_var('Py_GIL_DISABLED') else 'on')"
)
ENDS = r"(\d+) (passed|failed|skipped|xfailed|errors?)"


def row(python: str, arguments: list[str]) -> tuple[str, bool]:
    """What the suite comes to on ``python``, as a row; and whether all passed."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([python, "-m", "venv", folder], check=True)
        own = str(Path(folder, "bin", "python"))
        version, gil = subprocess.check_output([own, "-c", ASKED], text=True).split()
        environment = dict(os.environ)
        if gil == "off":
            environment["PIP_ONLY_BINARY"] = "greenlet,hypothesis"
        install = [own, "-m", "pip", "install", "--quiet", "--editable", f"{ROOT}[test]"]
        subprocess.run(install, check=True, env=environment)
        print(f"{version}: pytest {' '.join(arguments)}", file=sys.stderr, flush=True)
        begin = time.monotonic()
        done = subprocess.run(
            [own, "-m", "pytest", "-q", "-n", "auto", *arguments],
            cwd=ROOT,
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        spent = time.monotonic() - begin
    if done.returncode:
        print(done.stdout, file=sys.stderr)
    counts = {word: number for number, word in re.findall(ENDS, done.stdout[-300:])}
    figures = (counts.get(word, "0") for word in ("passed", "failed", "skipped"))
    return f"| {version} | {gil} | {' | '.join(figures)} | {spent:.0f} s |", not done.returncode


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.lab.platforms", description=__doc__)
    parser.add_argument("python", nargs="+", metavar="PYTHON", help="an interpreter")
    parser.add_argument("--pytest", default="", help="more arguments of pytest")
    options = parser.parse_args()
    print(
        "| Python | GIL | passed | failed | skipped | time |\n| --- | --- | --- | --- | --- | --- |"
    )
    passed = True
    for python in options.python:
        text, well = row(python, options.pytest.split())
        print(text, flush=True)
        passed = passed and well
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
