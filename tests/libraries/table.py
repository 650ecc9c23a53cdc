"""The table of ``docs/bugs.md``: ``python -m tests.libraries.table`` writes it anew."""

import re

from tests.libraries import FOLDER, LIBRARIES

PAGE = FOLDER.parents[1] / "docs" / "bugs.md"


def table() -> str:
    rows = ["| found in | fixed in | what happens | kind | reported | token |"]
    rows.append("| --- | --- | --- | --- | --- | --- |")
    for one in LIBRARIES:
        called = f" `{one.include[0]}`" if one.is_standard else ""
        number = one.report.rpartition("/")[2]
        row = [f"{one.title}{called}", one.fixed, one.happens, one.kind]
        row += [f"[{number}]({one.report})", f"`{one.token}`"]
        rows.append(f"| {' | '.join(row)} |")
    return "\n".join(rows)


def updated(text: str) -> str:
    return re.sub(
        r"(<!-- libraries -->\n).*(<!-- /libraries -->)",
        lambda found: f"{found[1]}{table()}\n{found[2]}",
        text,
        flags=re.DOTALL,
    )


if __name__ == "__main__":
    PAGE.write_text(updated(PAGE.read_text("utf-8")), encoding="utf-8")
