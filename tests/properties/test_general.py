"""Law G1; the other general laws are checked for each primitive, in its file."""

import json
import subprocess
import sys

import pytest

from tests.properties import NAMES, wrong

# Run in an interpreter of its own, where nothing else has been imported.
IMPORT = """
import sys, threading, _thread, importlib
out, sys.stdout = sys.stdout, sys.stderr
before = set(sys.modules)
sys.path.insert(0, sys.argv[1])
importlib.import_module(sys.argv[2])
modules = [module for name, module in sys.modules.items() if name not in before]
threads = _thread._count() + threading.active_count()
import json
print(json.dumps({
    "threads": threads,
    "modules": {module.__name__: getattr(module, "__file__", None) for module in modules},
}), file=out, flush=True)
"""


def test_G1_imports_the_standard_library_alone_and_starts_no_thread(subject):
    name = subject.module.__name__
    output = subprocess.run(
        [sys.executable, "-c", IMPORT, str(subject.folder), name],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        timeout=60,
    ).stdout
    seen = json.loads(output)
    assert seen["threads"] == 1  # the main one
    tops = {module.partition(".")[0] for module in seen["modules"]}
    assert tops - subject.own_names() - set(sys.stdlib_module_names) == set()


@pytest.mark.reference
@pytest.mark.needs(*NAMES)
@pytest.mark.parametrize("name", ["countdown", "CountdownTask", "IOTask", "start", "PeriodicTimer"])
def test_G3_seconds_too_large_for_a_float(world, name):
    calls = {
        "countdown": ("interval", lambda interval: world.subject.countdown(0, interval=interval)),
        "CountdownTask": (
            "interval",
            lambda interval: world.subject.CountdownTask(interval=interval),
        ),
        "IOTask": ("timeout", lambda timeout: world.subject.IOTask(print, timeout=timeout)),
        "start": ("timeout", lambda timeout: world.subject.start(print, timeout=timeout)),
        "PeriodicTimer": ("interval", world.subject.PeriodicTimer),
    }
    argument, call = calls[name]
    assert wrong.not_refused(world, call, argument, wrong.TOO_LARGE) == []
