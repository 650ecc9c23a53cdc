"""``io``: files over simulated descriptors, and buffers that several tasks may use.

A buffer of C holds a lock while it reads or writes what is beneath it. The lock knows threads of
the operating system, and all tasks are in one of these: where a thread would wait for another that
reads, it would find that it holds the lock itself, and raise "reentrant call". So a task first
takes a lock of the simulated world's, and comes to that of C alone. The classes of ``_pyio``, in
Python, have such locks; but no buffer of the process is an instance of them, and they are slow.

Nothing else differs: files of the operating system are those of the real module, and are never
blocked in.
"""

import io
from collections.abc import Callable
from functools import wraps
from types import ModuleType
from typing import Any

from threadlab.simulation.kernel import Kernel
from threadlab.simulation.modules import _thread as fake_thread
from threadlab.simulation.network import FIRST, File, Network, network_of

IMPLEMENTED = ("BufferedRWPair", "BufferedRandom", "BufferedReader", "BufferedWriter", "open")
REFUSED: tuple[str, ...] = ()

READING = ("__next__", "close", "peek", "read", "read1", "readinto", "readinto1", "readline")
WRITING = ("close", "flush", "write")
PLACED = ("seek", "tell", "truncate")
"""The methods in which a buffer of C holds its lock."""


def make(kernel: Kernel) -> ModuleType:
    """An ``io`` for tasks of ``kernel``."""
    network = network_of(kernel)
    lock = fake_thread.make(kernel).RLock
    module = ModuleType("io", io.__doc__)
    names = vars(module)
    names.update({name: value for name, value in vars(io).items() if not name.startswith("__")})
    names["__all__"] = list(io.__all__)
    for name in ("BufferedReader", "BufferedWriter", "BufferedRandom"):
        names[name] = _in_turn(getattr(io, name), (*READING, *WRITING, *PLACED), lock)
    pair = _in_turn(io.BufferedRWPair, READING, lock)  # one may read while another writes
    names["BufferedRWPair"] = _in_turn(pair, WRITING, lock, io.BufferedRWPair)

    def open_(file: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(file, int) and file >= FIRST:
            return open_descriptor(network, module, file, *args, **kwargs)
        return open(file, *args, **kwargs)

    names["open"] = open_
    return module


class _Same(type):
    """Whatever is a buffer of C is one of the class that stands in for it."""

    stands_for: type

    def __instancecheck__(cls, instance: object) -> bool:
        if "stands_for" in vars(cls):
            return isinstance(instance, cls.stands_for)
        return super().__instancecheck__(instance)


def _in_turn(
    cls: Any, methods: tuple[str, ...], lock: Callable[[], Any], stands_for: Any = None
) -> Any:
    """``cls``, but of the tasks in these ``methods`` of an object one goes on at a time."""
    turns = f"_{cls.__name__}_{methods[0]}"

    def new(cls_: type, *args: Any, **kwargs: Any) -> Any:
        buffer = cls.__new__(cls_)
        setattr(buffer, turns, lock())
        return buffer

    def in_turn(name: str) -> Callable[..., Any]:
        method = getattr(cls, name)

        @wraps(method)
        def call(buffer: Any, *args: Any, **kwargs: Any) -> Any:
            with getattr(buffer, turns):
                return method(buffer, *args, **kwargs)

        return call

    namespace: dict[str, Any] = {name: in_turn(name) for name in methods if hasattr(cls, name)}
    namespace.update(__new__=new, __module__="_io", stands_for=stands_for or cls)
    return _Same(cls.__name__, (cls,), namespace)


class DescriptorIO(io.RawIOBase):
    """The file without a buffer over a simulated descriptor, in place of ``FileIO``."""

    def __init__(self, network: Network, number: int, mode: str, closes: bool) -> None:
        self._network = network
        self._number = number
        self._closes = closes
        self._file: File | None = None
        self._file = network.find(number)
        self.name = number
        self.mode = mode

    def readable(self) -> bool:
        self._check()
        return "r" in self.mode or "+" in self.mode

    def writable(self) -> bool:
        self._check()
        return "r" not in self.mode or "+" in self.mode

    def fileno(self) -> int:
        self._check()
        return self._number

    def _check(self) -> None:
        if self.closed:
            raise ValueError("I/O operation on closed file")

    def readinto(self, buffer: Any, /) -> int | None:
        if not self.readable():
            raise io.UnsupportedOperation("File not open for reading")
        view = memoryview(buffer).cast("B")
        try:
            data = self._network.read(self._network.find(self._number), len(view))
        except BlockingIOError:
            return None
        view[: len(data)] = data
        return len(data)

    def write(self, data: Any, /) -> int | None:
        if not self.writable():
            raise io.UnsupportedOperation("File not open for writing")
        try:
            file = self._network.find(self._number)
            return self._network.write(file, memoryview(data).cast("B"))
        except BlockingIOError:
            return None

    def close(self) -> None:
        if self.closed:
            return
        super().close()
        if self._closes and self._network.has(self._number, self._file):
            self._network.close(self._number)


def open_descriptor(
    network: Network,
    module: Any,
    number: int,
    mode: str = "r",
    buffering: int = -1,
    encoding: str | None = None,
    errors: str | None = None,
    newline: str | None = None,
    closefd: bool = True,
    opener: object = None,
) -> Any:
    """``open`` of the simulated descriptor ``number``, with the buffers of ``module``."""
    binary = "b" in mode
    kinds = set(mode) - set("bt+")
    if len(kinds) != 1 or not kinds <= set("rwax"):
        raise ValueError(f"invalid mode: {mode!r}")
    if not binary and buffering == 0:
        raise ValueError("can't have unbuffered text I/O")
    raw = DescriptorIO(network, number, mode.replace("t", "").replace("b", "") + "b", closefd)
    if buffering == 0:
        return raw
    if "+" in mode:
        raise io.UnsupportedOperation("File or stream is not seekable.")
    kind = module.BufferedReader if raw.readable() else module.BufferedWriter
    buffer = kind(raw, buffering if buffering > 1 else io.DEFAULT_BUFFER_SIZE)
    if binary:
        return buffer
    text = module.TextIOWrapper(buffer, encoding, errors, newline, buffering == 1)
    text.mode = mode
    return text
