"""Writes reports to files, for pytest and for the command alike.

A file is written whether anything has failed or not, so that nobody takes the one of an earlier
run for that of the last.
"""

import argparse
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from threadlab.reports.page import page
from threadlab.reports.timeline import Report
from threadlab.reports.trace import trace


class Form(NamedTuple):
    """``file`` stands for its name in a help text, where ``words`` say what is in it."""

    file: str
    content: Callable[[Sequence[Report]], str]
    words: str


FORMS = {
    "--race-report": Form(
        "FILE.html", page, "a page that shows each simulated execution that failed"
    ),
    "--race-trace": Form("FILE.json", trace, "the same as a trace that Perfetto opens"),
}
"""By the option that asks for it."""


def writable(path: str) -> str:
    """``path``, if it can be written as far as one can tell; the type of an option."""
    if not path:
        raise argparse.ArgumentTypeError("the name of a file is missing")
    folder = os.path.dirname(os.path.abspath(path))
    if not os.path.isdir(folder):
        raise argparse.ArgumentTypeError(f"cannot write {path}: there is no folder {folder}")
    if os.path.isdir(path):
        raise argparse.ArgumentTypeError(f"cannot write {path}: it is a folder")
    if not os.access(path if os.path.exists(path) else folder, os.W_OK):
        raise argparse.ArgumentTypeError(f"cannot write {path}: it is not permitted")
    return path


def write(option: str, path: str, reports: Sequence[Report]) -> str:
    """Write what ``option`` asks for. Returns a line for the user, and raises nothing."""
    try:
        Path(path).write_text(FORMS[option].content(reports), encoding="utf-8")
    except OSError as error:
        return f"{option}: cannot write {path}: {error.strerror}"
    except Exception as error:  # a defect of ours is no reason to end a run in another way
        return f"{option}: cannot write {path}: {error!r}"
    count = len(reports)
    return f"{option}: {path}, {count} execution{'s'[: count != 1]} that failed"
