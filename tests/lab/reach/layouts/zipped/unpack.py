"""A package that is imported from a zip file.

Racy: its register is used without its lock.
"""

import os
import sys
import tempfile
import threading
import zipfile

SOURCE = """
import threading

class Register:
    def __init__(self):
        self.lock = threading.Lock()
        self.names = ()
"""

folder = tempfile.mkdtemp()
archive = os.path.join(folder, "packed.zip")
with zipfile.ZipFile(archive, "w") as file:
    file.writestr("packed_register/__init__.py", "from .register import Register")
    file.writestr("packed_register/register.py", SOURCE)
sys.path.insert(0, archive)

from packed_register import Register

sys.path.remove(archive)
os.remove(archive)
os.rmdir(folder)


def enter(register, careful):
    def add(name):
        if careful:
            with register.lock:
                register.names += (name,)
        else:
            register.names += (name,)

    threads = [threading.Thread(target=add, args=(name,)) for name in ("ada", "bob")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(register.names) == ["ada", "bob"]


def scenario():
    enter(Register(), careful=True)


def racy():
    enter(Register(), careful=False)


if __name__ == "__main__":
    scenario()
