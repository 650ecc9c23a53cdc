"""tempfile and pathlib: jobs as files in a folder.

Racy: a file is seen, and then claimed.
"""

import tempfile
import threading
from pathlib import Path


def claim(job, done):
    try:
        job.rename(done / job.name)
    except FileNotFoundError:
        return  # another has it


def claim_what_is_there(job, done):
    if job.exists():
        job.rename(done / job.name)


def work_off(claim):
    with tempfile.TemporaryDirectory(prefix="spool") as folder:
        spool = Path(folder)
        (done := spool / "done").mkdir()
        for name in ("letter", "poster"):
            (spool / f"{name}.job").write_text(f"print a {name}\n", encoding="utf-8")

        def printer():
            for job in sorted(spool.glob("*.job")):
                claim(job, done)

        printers = [threading.Thread(target=printer) for _ in range(2)]
        for thread in printers:
            thread.start()
        for thread in printers:
            thread.join()
        assert [job.stem for job in sorted(done.iterdir())] == ["letter", "poster"]
        assert (done / "poster.job").read_text(encoding="utf-8") == "print a poster\n"


def scenario():
    work_off(claim)


def racy():
    work_off(claim_what_is_there)


if __name__ == "__main__":
    scenario()
