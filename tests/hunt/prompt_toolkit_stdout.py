import io
import threading

from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import DummyInput
from prompt_toolkit.output.plain_text import PlainTextOutput
from prompt_toolkit.patch_stdout import StdoutProxy


def scenario():
    out = io.StringIO()
    with (
        create_app_session(input=DummyInput(), output=PlainTextOutput(out)),
        StdoutProxy(sleep_between_writes=0.1) as proxy,
    ):
        threads = [threading.Thread(target=proxy.write, args=("line\n",)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert out.getvalue().split() == ["line"] * 2
