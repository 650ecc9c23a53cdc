"""The picture shows the execution that it is of, and nothing is drawn over."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from tests.lab import timelines
from tests.lab.timelines import hostile
from threadlab.reports.layout import clipped
from threadlab.reports.rows import rows
from threadlab.reports.svg import picture

SVG = "{http://www.w3.org/2000/svg}"


def shown(root: ET.Element) -> list[str]:
    return ["".join(element.itertext()) for element in root.iter(f"{SVG}text")]


def drawn(root: ET.Element, kind: str) -> list[ET.Element]:
    return [element for element in root.iter() if kind in element.get("class", "").split()]


def test_a_picture_stands_alone_and_shows_what_happens():
    flag = timelines.flag()
    source = picture(flag, rows(flag))
    assert not re.search(r"url\(|@import|href|<script", source)
    root = ET.fromstring(source)
    assert root.get("width") == "900"
    assert root.get("viewBox") == f"0 -34 900 {root.get('height')}"
    texts = shown(root)
    for row in rows(flag):
        assert row.text in ("", *texts)
    assert set(flag.threads) <= set(texts)
    assert {"0 s", "1 s", "2 s"} <= set(texts)
    assert len(drawn(root, "race-join")) == len(flag.races) == 1
    assert "holds Timer._cv" in texts
    bands = [title for title in root.iter(f"{SVG}title") if "holds" in (title.text or "")]
    assert [title.text for title in bands] == [
        "Thread-1 (run) holds Timer._cv",
        "MainThread holds Timer._cv",
        "Thread-1 (run) holds Timer._cv",
        "MainThread holds Timer._cv",
    ]
    # One starts the other, the time wakes this twice, and this wakes the first.
    assert sum(path.get("d", "").count("M") for path in drawn(root, "arrow")) == 4 + 1
    for kind in ("run", "able", "waits", "held-up"):
        assert drawn(root, kind), kind


def test_what_is_folded_covers_the_lanes():
    flag = timelines.flag()
    few = rows(flag, 8)
    root = ET.fromstring(picture(flag, few))
    (folds,) = drawn(root, "back-fold")
    assert folds.get("d", "").count("M") == [row.mark for row in few].count("fold") > 0


def test_a_picture_of_many_threads_has_the_code_beside_them():
    large = timelines.large(200, 50)
    root = ET.fromstring(picture(large, rows(large)))
    assert int(root.get("width", "")) == 900
    assert len(drawn(root, "name")) == 50
    (lines,) = drawn(root, "lines")
    assert len(lines) == len(rows(large))


def test_what_is_shown_is_not_what_is_drawn_over():
    """No text reaches further to the right than the picture is wide."""
    for timeline in (timelines.flag(), timelines.large(100, 5), timelines.large(100, 7)):
        long = {file: tuple(line * 3 for line in lines) for file, lines in timeline.sources.items()}
        longer = replace(timeline, sources=long)
        for element in ET.fromstring(picture(longer, rows(longer))).iter(f"{SVG}text"):
            said = "".join(child or "" for child in (element.text,))
            assert float(element.get("x", "0")) + 6.63 * len(said) <= 900


@pytest.mark.parametrize(
    ("anything", "most", "expected"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("ab cd", 4, "ab…"),
        ("漢字", 3, "漢…"),
        ("", 0, ""),
    ],
)
def test_clipped(anything, most, expected):
    assert clipped(anything, most) == expected


def test_any_text_may_be_in_a_picture():
    report = hostile()
    root = ET.fromstring(picture(report.timeline, rows(report.timeline)))
    assert drawn(root, "hostile") == []
    assert any("</script><b id=hostile>&amp; <!--" in text for text in shown(root))
