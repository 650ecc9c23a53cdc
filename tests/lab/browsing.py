"""Pages in a browser: one that a person would open them in, without a window."""

import hashlib
import json
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from threadlab.reports.page import page
from threadlab.reports.timeline import Report

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


FLAGS = (
    "--headless=new",
    "--no-sandbox",  # as root, in a container
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1440,900",
)


STATE = """
const article = [...document.querySelectorAll("article")].find((one) => !one.hidden);
const texts = (selector) => [...article.querySelectorAll(selector)]
  .filter((tr) => !tr.hidden).map((tr) => [...tr.cells].map((td) => td.textContent));
const lines = (selector) => [...article.querySelectorAll(selector)]
  .map((li) => [li.value, [...li.querySelectorAll(".who span")].map((who) => who.textContent)]);
const state = () => ({
  row: Number(article.querySelector("input").value),
  last: Number(article.querySelector("input").max),
  status: article.querySelector("output").textContent,
  values: texts(".values tbody tr"), threads: texts(".threads tbody tr"),
  locks: texts(".locks tbody tr"), changed: texts(".values .changed"),
  on: lines(".is-on"), running: lines(".is-running"),
});
"""


MISPLACED = """
const round = Math.round, found = [];
if (document.documentElement.scrollWidth > innerWidth) found.push(["the page is too wide"]);

/** What of a rectangle is seen: without what an element around it does not show. */
function seen(node, rect) {
  let {left, top, right, bottom} = rect, scrolls = false;
  for (let e = node; e; e = e.parentElement) {
    const style = getComputedStyle(e);
    if (style.overflowX === "visible" && style.overflowY === "visible") continue;
    const box = e.getBoundingClientRect(), clipped = left < box.left - 1 || right > box.right + 1;
    const hides = ["hidden", "clip"];
    if (clipped && hides.includes(style.overflowX) && e !== document.documentElement) {
      found.push(["is clipped", node.textContent.slice(0, 60), e.className.baseVal ?? e.className]);
    }
    left = Math.max(left, box.left), right = Math.min(right, box.right);
    top = Math.max(top, box.top), bottom = Math.min(bottom, box.bottom);
  }
  return right - left > 1 && bottom - top > 1 ? {left, top, right, bottom} : null;
}

const boxes = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const node = walker.currentNode, element = node.parentElement;
  if (!node.data.trim() || element.closest("script, style, title")) continue;
  if (!element.checkVisibility()) continue;
  const range = document.createRange();
  range.selectNodeContents(node);
  const over = element.closest(".above, .below, .source h3, .dash");
  for (const rect of range.getClientRects()) {
    const box = seen(element, rect);
    if (box) boxes.push({...box, over, text: node.data.slice(0, 60)});
  }
}
boxes.sort((one, other) => one.top - other.top);
boxes.forEach((one, n) => {
  for (let m = n + 1; m < boxes.length && boxes[m].top < one.bottom - 3; m++) {
    const other = boxes[m];
    const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
    // What stays at its place covers what scrolls below it.
    if (wide > 2 && one.over === other.over) found.push(["overlap", one.text, other.text]);
  }
});
return found;
"""


PRESS = 'document.dispatchEvent(new KeyboardEvent("keydown", {key: arguments[0]}))'


RUN_AXE = """
const done = arguments[0];
axe.run().then(({violations}) => done(violations.flatMap((violation) => violation.nodes.map(
  (node) => [violation.id, node.target.join(" "), node.failureSummary],
))), (error) => done([`${error}`]));
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory) -> Iterator[Any]:
    """One that a person would open the page in, without a window."""
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    driver = shutil.which("chromedriver")
    if found is None or driver is None:
        pytest.skip(f"{'no Chromium' if found is None else 'no chromedriver'} is installed")
    options = webdriver.ChromeOptions()
    options.binary_location = found
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('browser')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_PROXY", "*")  # the driver is on this machine
        opened = webdriver.Chrome(options, webdriver.ChromeService(driver))
    try:
        opened.execute_cdp_cmd("Network.enable", {})
        opened.execute_cdp_cmd(
            "Network.emulateNetworkConditions",
            {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0},
        )
        yield opened
    finally:
        opened.quit()


@pytest.fixture
def show(browser, tmp_path) -> Iterator[Callable[..., None]]:
    """Opens a page of reports; at the end nothing was asked of a network or said on the console."""
    file = tmp_path / "report.html"

    def show(*reports: Report | str) -> None:
        made = [report for report in reports if isinstance(report, str)]
        shown = [report for report in reports if isinstance(report, Report)]
        file.write_text(made[0] if made else page(shown), encoding="utf-8")
        browser.get(file.as_uri())

    browser.get("about:blank")
    browser.get_log("browser"), browser.get_log("performance")
    yield show
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})
    assert browser.get_log("browser") == []
    messages = (json.loads(entry["message"])["message"] for entry in browser.get_log("performance"))
    asked = {
        message["params"]["request"]["url"]
        for message in messages
        if message["method"] == "Network.requestWillBeSent"
    }
    assert {url for url in asked if not url.startswith("data:")} == {file.as_uri()}


@pytest.fixture
def press(browser) -> Callable[..., dict[str, Any]]:
    """Presses keys, and returns what is shown then."""

    def press(*keys: str) -> dict[str, Any]:
        names = {"Right": "\ue014", "Left": "\ue012", "Down": "\ue015", "Up": "\ue013"} | {
            "PageDown": "\ue00f",
            "PageUp": "\ue00e",
            "End": "\ue010",
            "Home": "\ue011",
        }
        if keys:
            browser.switch_to.active_element.send_keys("".join(names.get(k, k) for k in keys))
        return browser.execute_script(f"{STATE} return state();")

    return press


AXE = (
    "axe-core@4.10.3",
    "880970c081707360e64f34cea25ff91892f5bc95675b0776925b9709dd8a68bb",
)
"""A checker of accessibility, by its name for npm, and the sum of the file that comes of it."""


@pytest.fixture(scope="module")
def axe(tmp_path_factory) -> Callable[[Any], list[Any]]:
    """What it finds wrong with the page that is shown."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed, by which axe-core is fetched")
    folder = tmp_path_factory.mktemp("axe")
    command = [npm, "pack", "--silent", "--prefer-offline", AXE[0]]
    try:
        fetched = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)
    except subprocess.TimeoutExpired:
        pytest.skip(f"npm cannot fetch {AXE[0]}: no answer")
    if fetched.returncode:
        pytest.skip(f"npm cannot fetch {AXE[0]}: {fetched.stderr.strip()[:200]}")
    with tarfile.open(folder / fetched.stdout.strip()) as archive:
        member = archive.extractfile("package/axe.min.js")
        assert member is not None
        script = member.read()
    assert hashlib.sha256(script).hexdigest() == AXE[1]
    source = script.decode()

    def check(browser: Any) -> list[Any]:
        browser.execute_script(source)
        return browser.execute_async_script(RUN_AXE)

    return check


WIDTHS = (1400, 800, 400)


@pytest.fixture
def resize(browser) -> Iterator[Callable[[int], None]]:
    def resize(width: int) -> None:
        metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    yield resize
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
