from __future__ import annotations

import threading
from contextlib import AbstractContextManager, nullcontext


class Stage:
    def __init__(self, quiet: bool) -> None:
        self.lock: AbstractContextManager = threading.RLock() if quiet else nullcontext()
        self.speaker: str | None = None
        self.heard: list[str] = []

    def sound(self, player: str, note: str) -> None:
        with self.lock:
            self.speaker = player
            self.heard.append(f"{self.speaker} {note}")
