"""The bugs of the corpus are found as what they are, and what is mended is left in peace."""

import difflib

import pytest

from tests.real import BUGS, FOLDER, KINDS
from tests.real.__main__ import main
from threadlab import explore

SOUND = 50
"""How many executions of each mended script are to find nothing, and no race."""

every = pytest.mark.parametrize("bug", BUGS.values(), ids=BUGS)


def said(failure):
    """As a docstring of the corpus has it."""
    exception = f" {type(failure.error).__qualname__}" if failure.kind == "exception" else ""
    return failure.kind + exception


def _code(path):
    """Its lines without the docstring."""
    return path.read_text(encoding="utf-8").split('"""', 2)[2].splitlines()


@every
@pytest.mark.once
def test_the_default_search_finds_it_as_its_docstring_says(bug):
    result = explore(bug.spec)
    assert result.found
    assert said(result.failure) == bug.found


@every
def test_its_token_replays_on_every_python(bug):
    result = explore(bug.spec, replay=bug.token)
    assert result.found
    assert said(result.failure) == bug.found


@every
@pytest.mark.once
def test_nothing_is_said_of_what_is_mended(bug):
    result = explore(bug.sound_spec, executions=SOUND)
    assert not result.found
    assert not result.races


@every
@pytest.mark.once
def test_it_says_where_it_was_reported_and_its_fix_is_small(bug):
    assert bug.kind in KINDS
    assert "https://" in bug.report
    broken, fixed = (_code(FOLDER / bug.name / name) for name in ("broken.py", "fixed.py"))
    changed = [line for line in difflib.ndiff(broken, fixed) if not line.startswith(" ")]
    assert 0 < len(changed) < 40


@pytest.mark.once
def test_there_are_bugs_of_every_kind():
    assert {bug.kind for bug in BUGS.values()} == {*KINDS}
    assert len(BUGS) >= 24


@pytest.mark.once
def test_the_table_says_what_was_found(capsys):
    main(["--bugs=rpyc_serve,slack_session_runner", "--seeds=2", "--skip-peers"])
    printed = capsys.readouterr().out.splitlines()
    rows = [line.split() for line in printed if line.startswith("  ")][1:]
    assert [row[0] for row in rows] == ["rpyc_serve", "slack_session_runner"]
    assert [row[2] for row in rows] == ["2", "0"]
