"""What is said of a subject, from what failed: no pytest runs here."""

import json

from tests import verdict
from tests.laws import VERDICTS

TEXTS = {
    "P1": "Ticks fall when they are due.",
    "P2": "Nothing is missed, and nothing counted twice.",
    "P3": "Never early.",
}


def finding(place, example="interval=1.0", *, inside=True, token="3.1", test="a.py::test_P1_x"):
    file, line = place.split(":")
    return verdict.Finding(
        test=test,
        world="simulated" if token else "real",
        error="AssertionError: assert 2 == 1",
        file=file,
        line=int(line),
        inside=inside,
        to_show=("mine.py", 7),
        example=example,
        token=token,
        again=f"pytest '{test}' --subject=mine.py",
    )


def judged(findings, **verdicts):
    said = {word: [] for word in VERDICTS}
    for law in TEXTS:
        said[verdicts.get(law, "broken" if law in findings else "held")].append(law)
    return verdict.laws(TEXTS, said, findings, {"P3": "see issue 4"})


def test_what_fails_at_one_place_has_one_cause_of_which_the_smallest_is_told():
    large, small = finding("mine.py:3", "interval=0.125, ticks=17"), finding("mine.py:3", "ticks=1")
    other = finding("mine.py:9", "ticks=12")
    real = finding("mine.py:9", "", token="")
    causes = verdict.causes([large, real, other, small])
    assert [(cause.smallest, cause.count) for cause in causes] == [(small, 2), (other, 2)]


def test_a_law_that_fails_only_where_another_does_is_broken_in_consequence():
    findings = {
        "P1": [finding("mine.py:3", "interval=1.0, ticks=4")],
        "P2": [finding("mine.py:3", "ticks=1"), finding("mine.py:8", "ticks=2")],
        "P3": [finding("mine.py:3", "ticks=12345678"), finding("mine.py:5")],
    }
    assert [law.in_consequence_of for law in judged(findings)] == ["P2", None, None]
    in_the_test = {law: [finding("test.py:3", inside=False)] for law in ("P1", "P2")}
    assert [law.in_consequence_of for law in judged(in_the_test)] == [None, None, None]


def test_an_ordinary_fault_takes_a_screen():
    long = "interval=0.3333333333333333, " * 20
    findings = {
        law: [finding(f"mine.py:{line}", f"ticks={line}{long}", test=f"a.py::test_{law}_{line}")]
        for line, law in enumerate(TEXTS)
    }
    lines = verdict.as_text(judged(findings), 80)
    assert len(lines) <= 24
    assert all(len(line) <= 80 for line in lines)


def test_what_is_known_and_what_is_mended():
    lines = verdict.as_text(judged({}, P2="known", P3="fixed"), 80)
    assert "known         1  P2" in lines
    assert lines[-1] == "P3 holds, and is said to be known as broken: see issue 4"


def test_the_verdict_for_other_programs():
    findings = {"P2": [finding("mine.py:3", token="", example=""), finding("mine.py:3")]}
    content = json.loads(verdict.as_json({"worlds": ["real"]}, judged(findings, P3="fixed")))
    assert (content["version"], content["worlds"]) == (1, ["real"])
    one, two, three = content["laws"]
    assert one == {
        "law": "P1",
        "text": TEXTS["P1"],
        "verdict": "held",
        "in_consequence_of": None,
        "reason": None,
        "causes": [],
    }
    assert two["verdict"] == "broken"
    assert two["causes"] == [
        {
            "file": "mine.py",
            "line": 3,
            "in_subject": True,
            "error": "AssertionError: assert 2 == 1",
            "test": "a.py::test_P1_x",
            "world": "simulated",
            "example": "interval=1.0",
            "schedule": "3.1",
            "again": "pytest 'a.py::test_P1_x' --subject=mine.py",
            "failures": 2,
        }
    ]
    assert (three["verdict"], three["reason"]) == ("fixed", "see issue 4")


def test_what_github_shows_is_one_line_at_the_code_under_test():
    findings = {"P2": [finding("test.py:3", inside=False)], "P1": [finding("mine.py:3")]}
    one, two = verdict.annotations(judged(findings), "100%.py")
    assert two.startswith("::error file=mine.py,line=7,title=100%25.py breaks P2::Nothing is")
    assert two.endswith("%0AAgain: pytest 'a.py::test_P1_x' --subject=mine.py")
    assert "\n" not in one + two
