"""A stranger's project in a folder of its own, with a pytest of its own."""

import os
import re
import subprocess
import sys
import textwrap

SHOP = """
import threading
from dataclasses import dataclass

@dataclass
class Item:
    name: str

class Shop:
    def __init__(self, stock=1):
        self.stock = stock
        self.sold = []

    def sell(self, item=None):
        if self.stock > 0:
            self.stock -= 1
            self.sold.append(item)

def sells(shop, customers):
    threads = [threading.Thread(target=shop.sell) for _ in range(customers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
"""

DECIDING = re.compile("PYTEST|^CI$|_CI$|GITHUB_ACTIONS")
"""Variables of the environment by which pytest and Hypothesis behave otherwise: in CI, Hypothesis
keeps no database, and pytest cuts nothing short."""


class Run:
    """What pytest said: the outcome of each test by its name, and all of its output."""

    def __init__(self, folder, *arguments):
        summary = [] if "no:terminal" in arguments else ["-rA"]
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *summary, *arguments],
            cwd=folder,
            env={name: value for name, value in os.environ.items() if not DECIDING.search(name)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=240,
        )
        self.status, self.out = done.returncode, done.stdout
        words = r"^(PASSED|FAILED|ERROR|XFAIL|SKIPPED) (?:\[\d+\] )?(\S+)"
        self.outcomes = {
            node.partition("::")[2]: word.lower()
            for word, node in re.findall(words, self.out, re.MULTILINE)
        }

    def of(self, test):
        """The part of the output that is about ``test``, which failed."""
        parts = re.split(r"^_{3,} (\S+) _{3,}$", self.out, flags=re.MULTILINE)
        text = parts[parts.index(test) + 1]
        return text.partition("\n====")[0]


def write(folder, **files):
    """Files of the project, by their names without ``.py``."""
    for name, text in files.items():
        (folder / f"{name}.py").write_text(textwrap.dedent(text), "utf-8")
