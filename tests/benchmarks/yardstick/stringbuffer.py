"""One buffer is appended to another: its length is taken, and then as many characters.

Each of the two is done under the lock of the buffer that is read, and between them it can shrink.
"""

import threading

from tests.benchmarks.yardstick.parts import Parts


class StringBuffer:
    def __init__(self, value: str) -> None:
        self.lock = threading.Lock()
        self.value = value
        self.count = len(value)


class Buffers:
    def __init__(self) -> None:
        self.buffer = StringBuffer("abc")
        self.sb = StringBuffer("")


def length(this: StringBuffer) -> int:
    with this.lock:
        return this.count


def get_chars(this: StringBuffer, end: int) -> str:
    with this.lock:
        assert end <= this.count
        return this.value[:end]


def erase(this: StringBuffer, start: int, end: int) -> None:
    with this.lock:
        assert start <= end <= this.count
        this.value = this.value[:start] + this.value[end:]
        this.count -= end - start


def append(this: StringBuffer, text: str) -> None:
    with this.lock:
        this.value += text
        this.count += len(text)


def append_buffer(this: StringBuffer, other: StringBuffer) -> None:
    with this.lock:
        end = length(other)
        this.value += get_chars(other, end)
        this.count += end


def append_buffer_at_once(this: StringBuffer, other: StringBuffer) -> None:
    with this.lock, other.lock:
        this.value += other.value
        this.count += other.count


def change(state: Buffers) -> None:
    erase(state.buffer, 0, 3)
    append(state.buffer, "abc")


def copy(state: Buffers) -> None:
    append_buffer(state.sb, state.buffer)


def copy_at_once(state: Buffers) -> None:
    append_buffer_at_once(state.sb, state.buffer)


BAD = Parts(Buffers, [change, copy])
SOUND = Parts(Buffers, [change, copy_at_once], lambda state: state.sb.value in ("", "abc"))


def scenario() -> None:
    BAD.run()


def sound() -> None:
    SOUND.run()
