"""The page shows the execution that it is of: read as text, and in a browser."""

import base64
import functools
import itertools
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.lab import timelines
from tests.lab.browsing import MISPLACED, PRESS, STATE, WIDTHS
from tests.lab.timelines import hostile, replayed
from threadlab.reports.headline import headline
from threadlab.reports.page import FEW, ROWS, page
from threadlab.reports.rows import rows
from threadlab.reports.svg import picture
from threadlab.reports.timeline import Report
from threadlab.reports.tracks import tracks

ROOT = Path(__file__).parents[2]


# The page


def test_the_same_execution_gives_the_same_page():
    code = (
        "import hashlib; from threadlab.reports.page import page; "
        "from tests.lab.timelines import large, report; "
        "print(hashlib.sha256(page([report(large(300, 12))]).encode()).hexdigest())"
    )
    hashes = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(hashes) == 1


def test_a_page_needs_nothing_else():
    source = page([timelines.report(timelines.flag())])
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)|@import|url\(", source)
    assert re.findall(r"(?:src|href)=\"([^\"]*)\"", source) == ["data:,"]


def test_a_page_of_nothing():
    assert "Nothing failed" in page([])


def test_no_text_ends_an_element_of_the_page():
    source = page([hostile()])
    assert source.count("</script>") == 2
    assert "<b id=hostile>" not in source
    assert "<!--" not in source
    assert "<img" not in source
    source.encode()


@functools.cache
def large_page() -> str:
    return page([timelines.report(timelines.large(10_000, 50))])


def test_a_large_execution_is_a_small_file():
    assert len(large_page().encode()) < 5_000_000


def test_of_an_endless_execution_the_end_is_shown(monkeypatch):
    monkeypatch.setattr("threadlab.reports.page.ROWS", 100)
    large = timelines.large(300, 4)
    source = page([timelines.report(large)])
    assert len(rows(large)) > 100
    assert re.search(r"\.\.\. \d+ steps", source)
    assert ROWS > 10_000


# In a browser

WALK = """
const states = [state()];
while (states.at(-1).row < states.at(-1).last) {
  document.dispatchEvent(new KeyboardEvent("keydown", {key: "j"}));
  states.push(state());
}
return states;
"""


TRACEBACK = """\
Traceback (most recent call last):
  File "flag.py", line 29, in scenario
    timer.wait_for_tick()
AssertionError: waited for a tick that had fallen"""


COLOURS = """
const done = arguments[1], image = new Image();
image.onload = () => {
  const canvas = document.createElement("canvas");
  canvas.width = image.width;
  canvas.height = image.height;
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const {data} = context.getImageData(0, 0, image.width, image.height), counts = {};
  for (let n = 0; n < data.length; n += 4) {
    const colour = [data[n], data[n + 1], data[n + 2]].join();
    counts[colour] = (counts[colour] ?? 0) + 1;
  }
  done(counts);
};
image.src = `data:image/png;base64,${arguments[0]}`;
"""


def colours(browser: Any, png: bytes) -> dict[str, int]:
    """How many points have each colour."""
    return browser.execute_async_script(COLOURS, base64.b64encode(png).decode())


def test_the_page_shows_each_step(browser, show, press):
    flag = timelines.flag()
    show(timelines.report(flag))
    assert browser.title == "Race report: flag.py:scenario"
    press("Home")
    states = browser.execute_script(STATE + WALK)
    chosen = rows(flag)
    runners = tracks(flag, chosen).runner
    assert len(states) == len(chosen)
    before: dict[str, str] = {}
    for number, (state, row, after) in enumerate(
        zip(states, chosen, replayed(flag, chosen), strict=True)
    ):
        assert state["row"] == number
        assert state["status"].startswith(f"Step {row.step}, {row.time:g} s")
        assert row.text in state["status"]
        assert all(note in state["status"] for note in row.notes)
        assert {name: value for name, value, _by in state["values"]} == after["values"]
        changed = {name: value for name, value, _by in state["changed"]}
        assert changed.items() == after["values"].items() - before.items()
        before = after["values"]
        holders = {lock: flag.threads[thread] for lock, thread in after["locks"]}
        assert state["locks"] == [["Timer._cv", holders.get("Timer._cv", "nobody")]]
        for thread, name in enumerate(flag.threads):
            does = state["threads"][thread][1]
            lines = [line for line, names in state["on"] if name in names or f"▶ {name}" in names]
            there = does not in ("not started", "has ended") and thread in after["lines"]
            assert lines == ([after["lines"][thread]] if there else [])
        runner = runners[number]
        assert [names[0] for _line, names in state["running"]] == (
            [f"▶ {flag.threads[runner]}"] if runner >= 0 and runner in after["lines"] else []
        )
    does = [{name: does for name, does, _at in state["threads"]} for state in states]
    assert [one for one, _ in itertools.groupby(each["MainThread"] for each in does)] == [
        "runs",
        "preempted",
        "runs",
        "waits for a notify of Timer._cv",
        "could run",
        "fails: AssertionError: waited for a tick that had fallen",
    ]
    assert {each["Thread-1 (run)"] for each in does} == {
        "not started",
        "could run",
        "runs",
        "waits for 1 s to pass",
        "preempted",
        "runs, and ends",
        "has ended",
    }


def test_it_opens_at_the_failure(browser, show, press):
    show(replace(timelines.report(timelines.flag()), details=TRACEBACK, why="fails when `a` is b"))
    opened = press()
    assert opened["row"] == opened["last"]
    assert "fails — MainThread" in opened["status"]
    assert browser.execute_script("return scrollY") == 0

    def text(css):
        return browser.find_element("css selector", css).text

    assert text("h1") == "MainThread fails: AssertionError: waited for a tick that had fallen"
    assert text(".failing").split("\n") == [
        "MainThread",
        "while last == self._flag:",
        "flag.py:21, step 22, 2 s",
    ]
    assert text(".why") == "It fails when a is b."
    assert text(".details pre") == TRACEBACK
    few = browser.find_elements("css selector", ".few tbody tr")
    assert len(few) <= FEW
    assert "fails" not in few[-1].text
    assert "AssertionError" in few[-1].text
    few[0].find_element("tag name", "button").click()
    assert press()["row"] == 0


def test_of_a_deadlock_it_says_who_waits_for_whom():
    made = timelines.Maker("two.py", "with one:\n    with other:\n", "Ann", "Bob")
    for thread, lock in [(0, "other, held by Bob"), (1, "one, held by Ann")]:
        made.step(thread, 2)
        made.event("wait", thread, lock)
    for thread in (0, 1):
        made.event("fail", thread, "deadlock")
    timeline = made.made()
    said = headline(timelines.report(timeline), tracks(timeline, rows(timeline)))
    assert said.sentence == "Deadlock: Ann and Bob can never go on"
    assert [one.said for one in said.failing] == [
        "waits for other, held by Bob",
        "waits for one, held by Ann",
    ]


def test_the_same_is_called_the_same_everywhere(browser, show, press):
    show(timelines.report(timelines.flag()))
    held = press("Home", "n")
    legend = [one.text for one in browser.find_elements("css selector", ".below text")]
    assert "preempted" in legend
    assert ", preempted — " in held["status"]
    assert ["MainThread", "preempted"] in [one[:2] for one in held["threads"]]


def reports() -> list[Report]:
    """A failure of each form, with texts that are too long for any screen."""
    flag = timelines.report(timelines.flag())
    long = "a_word_that_is_as_long_as_a_line_may_be_and_longer" * 4
    made = timelines.Maker(f"{long}.py", f"{long} = [{long}]  # {long}\n" * 3, f"Ann {long}", "Bob")
    for thread, lock in [(0, f"{long}, held by Bob"), (1, f"{long} 2, held by Ann {long}")]:
        made.step(thread, 2)
        made.event("write", thread, f"{long}.value", "1")
        made.event("wait", thread, lock)
    for thread in (0, 1):
        made.event("fail", thread, "deadlock")
    return [
        replace(flag, details=TRACEBACK, why="fails when `flag.py:21` comes before `flag.py:15`"),
        replace(timelines.report(made.made(), f"{long}.py:scenario"), details=long, example=long),
        replace(flag, history=f"{long}\n    and {long}"),
    ]


@pytest.mark.once
@pytest.mark.parametrize("width", WIDTHS)
def test_no_text_is_clipped_or_covered(browser, show, resize, width):
    resize(width)
    for report in reports():
        show(report)
        for row in ("", "Home", "n"):
            if row:
                browser.execute_script(PRESS, row)
            assert browser.execute_script(MISPLACED) == [], (width, row, report.title[:40])


def test_the_values_stay_in_sight(browser, show, resize):
    for width in WIDTHS:
        resize(width)
        show(timelines.report(timelines.flag()))
        player = "document.querySelector('.player')"
        browser.execute_script(f"{player}.scrollIntoView(); scrollBy(0, {player}.scrollHeight / 3)")
        top, bottom, height = browser.execute_script(
            "const {top, bottom} = document.querySelector('.values').getBoundingClientRect();"
            "return [top, bottom, innerHeight]"
        )
        assert (width, 0 <= top < bottom <= height) == (width, True)


@pytest.mark.once
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_accessibility_checker_finds_nothing(browser, show, resize, axe, scheme):
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    for width in WIDTHS[::2]:
        resize(width)
        for report in reports():
            show(report)
            assert axe(browser) == []


def test_keys(show, press):
    show(timelines.report(timelines.flag()))
    last = press()["last"]
    marks = [
        n for n, row in enumerate(rows(timelines.flag())) if row.mark in ("held", "race", "fail")
    ]
    for keys, row in [
        ("Home", 0),
        ("Right", 1),
        ("Down", 2),
        ("j", 3),
        ("k", 2),
        ("Left", 1),
        ("Up", 0),
        ("Up", 0),
        ("PageDown", 10),
        ("PageUp", 0),
        ("End", last),
        ("Right", last),
        ("Home", 0),
        ("n", marks[0]),
        ("n", marks[1]),
        ("p", marks[0]),
        ("p", marks[0]),
    ]:
        assert press(keys)["row"] == row, keys


def test_buttons_slider_and_clicks(browser, show, press):
    show(timelines.report(timelines.flag()))

    def find(css):
        return browser.find_element("css selector", css)

    for go, row in [("first", 0), ("next", 1), ("last", press()["last"])]:
        find(f"[data-go={go}]").click()
        assert press()["row"] == row
    find("input[type=range]").click()  # its middle
    assert 0 < press()["row"] < press()["last"]
    assert browser.switch_to.active_element.tag_name == "input"
    before = press()["row"]
    assert press("Right")["row"] == before + 1
    find(".rows .part").click()
    assert press()["status"].startswith("Step ")


def test_it_is_not_blank_and_differs_in_the_dark(browser, show, press):
    show(timelines.report(timelines.flag()))
    press("Home", "n")
    browser.execute_script("document.querySelector('.player').scrollIntoView()")
    seen = {}
    for scheme in ("light", "dark"):
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        png = browser.find_element("css selector", ".lanes").screenshot_as_png
        seen[scheme] = colours(browser, png)
    for scheme, back, own, band in [
        ("light", "255,255,255", ("26,95,180", "163,71,0"), "181,211,242"),
        ("dark", "20,24,29", ("125,180,255", "255,168,104"), "44,85,128"),
    ]:
        counts = seen[scheme]
        assert len(counts) > 100
        assert max(counts, key=counts.__getitem__) == back
        for colour in (*own, band):
            assert counts.get(colour, 0) > 200, (scheme, colour)


def test_the_picture_alone_is_drawn_by_a_browser(browser, tmp_path):
    flag = timelines.flag()
    file = tmp_path / "flag.svg"
    file.write_text(picture(flag, rows(flag)), encoding="utf-8")
    embedding = tmp_path / "index.html"
    embedding.write_text('<img src="flag.svg" width="900">')
    browser.get(embedding.as_uri())
    counts = colours(browser, browser.find_element("css selector", "img").screenshot_as_png)
    assert counts.get("26,95,180", 0) > 200
    assert browser.get_log("browser") == []


def test_on_paper_all_is_there_without_the_slider(browser, show):
    two = timelines.report(timelines.flag()), timelines.report(timelines.flag(), "other.py:it")
    show(*two)
    visible = """return [...document.querySelectorAll(arguments[0])]
        .map((element) => element.getClientRects().length > 0)"""
    hidden = ".controls", "nav", ".cursor", "button"
    whole = "article", ".few tr", ".lanes svg", ".source li", ".now"
    assert browser.execute_script(visible, "article") == [True, False]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    for selector in hidden:
        assert not any(browser.execute_script(visible, selector)), selector
    for selector in whole:
        assert all(browser.execute_script(visible, selector)), selector
    clipped = """return [...document.querySelectorAll(".head, .lanes, .now, .source")]
        .filter((one) => one.scrollHeight > one.clientHeight + 1)
        .map((one) => [one.className, one.scrollHeight, one.clientHeight])"""
    assert browser.execute_script(clipped) == []
    pdf = base64.b64decode(browser.execute_cdp_cmd("Page.printToPDF", {})["data"])
    assert pdf.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) >= 4


def test_one_of_several_is_chosen(browser, show, press):
    first = timelines.report(timelines.flag())
    second = timelines.report(timelines.large(60, 8), "large.py:scenario")
    show(first, second)
    assert browser.title == "Race report: 2 failures"
    last = press("Left", "Left")["row"]
    picker = browser.find_element("css selector", "nav select")
    picker.send_keys("2")
    state = press()
    assert len(state["threads"]) == 8
    assert state["row"] == state["last"]
    browser.execute_script("document.activeElement.blur()")
    assert press("Home")["row"] == 0
    picker.send_keys("1")
    assert press()["row"] == last


def test_nothing_failed(browser, show):
    show()
    assert browser.find_element("css selector", "h1").text == "Nothing failed"


def test_an_execution_with_no_lock_and_nothing_shared(browser, show, press):
    made = timelines.Maker("alone.py", "def scenario():\n    assert False\n", "MainThread")
    made.step(0, 2)
    made.event("fail", 0, "AssertionError")
    show(timelines.report(made.made()))
    assert press("End")["threads"] == [["MainThread", "fails: AssertionError", "alone.py:2"]]
    assert browser.find_elements("css selector", ".locks, .values") == []


def test_hostile_text_is_text(browser, show, press):
    show(hostile())
    assert browser.find_elements("css selector", "#hostile, img") == []
    assert (
        "</script><b id=hostile>&amp; <!--" in browser.find_element("css selector", ".title").text
    )
    state = press("End")
    assert any("</script><b id=hostile>" in value for _name, value, _by in state["values"])
    assert "</script><b id=hostile>" in state["status"]


def test_a_large_execution_opens_and_moves_without_delay(browser, show, press):
    """A move by the processor's time, which does not depend on what else the machine does."""

    def spent() -> float:
        figures = browser.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
        return next(each["value"] for each in figures if each["name"] == "ThreadTime")

    show(large_page())
    opened = browser.execute_script(
        "return performance.getEntriesByType('navigation')[0].loadEventEnd"
    )
    browser.execute_cdp_cmd("Performance.enable", {})
    before = spent()
    took = browser.execute_async_script("""
        const done = arguments[0], took = [];
        const keys = ["j", "PageDown", "n", "End", "k", "PageUp", "p", "Home"];
        function move() {
          if (took.length === 24) return done(took);
          const begin = performance.now(), key = keys[took.length % keys.length];
          document.dispatchEvent(new KeyboardEvent("keydown", {key}));
          requestAnimationFrame(() => setTimeout(() => {
            took.push(performance.now() - begin);
            move();
          }));
        }
        move();
    """)
    each = (spent() - before) / len(took)
    print(
        f"opened in {opened:.0f} ms; a move took {each * 1000:.0f} ms of the processor, "
        f"{sum(took) / len(took):.0f} ms with the frame, {max(took):.0f} ms at most"
    )
    assert opened < 10_000
    assert 0 < each < 0.2
    assert max(took) < 5000
    assert press("End")["row"] == press()["last"]
