"""Where Hypothesis keeps the examples that failed: in a folder, and on a server if there is one.

Machines that soak or judge the same code share what they find through Redis, by way of Hypothesis'
own database for it. ``HYPOTHESIS_REDIS=redis://HOST:6379/0`` says where; what one has found, each
other tries first in its next run. Without it there is the folder alone.
"""

import os
from pathlib import Path
from typing import Any

from hypothesis.database import (
    DirectoryBasedExampleDatabase,
    ExampleDatabase,
    MultiplexedDatabase,
)

VARIABLE = "HYPOTHESIS_REDIS"

_client: Any = None
_why_not = ""


def database(folder: Path) -> ExampleDatabase:
    """That of ``folder``, with that of the server. Raises nothing: see `refusal`."""
    global _client, _why_not
    own = DirectoryBasedExampleDatabase(folder)
    if VARIABLE not in os.environ:
        return own
    try:
        from hypothesis.extra.redis import RedisExampleDatabase
        from redis import Redis

        _client = _client or Redis.from_url(os.environ[VARIABLE], socket_timeout=10)
    except ModuleNotFoundError as error:
        _why_not = f"it needs {error.name}: pip install {error.name}"
        return own
    except ValueError as error:
        _why_not = str(error)
        return own
    return MultiplexedDatabase(own, RedisExampleDatabase(_client))


def is_asked_for() -> bool:
    return VARIABLE in os.environ


def refusal() -> str:
    """Why the server cannot be used, in one line; empty if it can, or if there is none."""
    why = _why_not
    if not why and _client is not None:
        try:
            _client.ping()
        except Exception as error:
            why = " ".join(str(error).split())
    return why and f"{VARIABLE}={os.environ[VARIABLE]}: {why}"
