"""The picture and the page show the execution that they are of: read as text, and in a browser."""

import shutil
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any

import pytest

from tests.harness.reports import page as page_module
from tests.harness.reports.page import page
from tests.harness.reports.svg import picture
from tests.harness.reports.timeline import Report
from tests.meta import timelines

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True)
def rows(monkeypatch):
    monkeypatch.setattr(page_module, "rows", timelines.plain_rows)
    return timelines.plain_rows


def test_a_picture_stands_alone(rows):
    flag = timelines.flag()
    root = ET.fromstring(picture(flag, rows(flag)))
    assert root.tag == f"{SVG}svg"
    assert int(root.attrib["width"]) == 900


# In a browser

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
    opened = webdriver.Chrome(options, webdriver.ChromeService(driver))
    try:
        yield opened
    finally:
        opened.quit()


@pytest.fixture
def show(browser, tmp_path):
    def show(*reports: Report) -> None:
        file = tmp_path / "report.html"
        file.write_text(page(reports), encoding="utf-8")
        browser.get(file.as_uri())

    return show


def test_it_opens(browser, show):
    show(timelines.report(timelines.flag()))
    assert browser.title == "Race report: flag.py:scenario"
    assert browser.get_log("browser") == []
