"""shutil.rmtree: a thread removes a file from a tree while another removes the tree."""

import shutil
import tempfile
import threading
from pathlib import Path


def scenario():
    folder = Path(tempfile.mkdtemp())
    (folder / "tree").mkdir()
    (folder / "tree" / "leaf").touch()

    def pick():
        (folder / "tree" / "leaf").unlink(missing_ok=True)

    thread = threading.Thread(target=pick)
    thread.start()
    shutil.rmtree(folder)
    thread.join()
