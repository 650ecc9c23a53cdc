"""Machines that share what Hypothesis has found, through a real server."""

import shutil
import subprocess

import pytest

from tests import sharing

pytestmark = pytest.mark.skipif(not shutil.which("redis-server"), reason="there is no Redis")


@pytest.fixture
def server(tmp_path, monkeypatch):
    pytest.importorskip("redis")
    socket = tmp_path / "socket"
    options = ["--port", "0", "--unixsocket", socket, "--save", "", "--dir", tmp_path]
    with subprocess.Popen(["redis-server", *options], stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            if "eady to accept connections" in line:
                break
        monkeypatch.setattr(sharing, "_client", None)
        monkeypatch.setattr(sharing, "_why_not", "")
        monkeypatch.setenv(sharing.VARIABLE, f"unix://{socket}")
        yield process
        process.kill()


def test_what_one_machine_has_found_another_knows(server, tmp_path):
    sharing.database(tmp_path / "one").save(b"test", b"example")
    assert sharing.refusal() == ""
    assert set(sharing.database(tmp_path / "other").fetch(b"test")) == {b"example"}


def test_a_server_that_is_not_there_is_refused_in_one_line(server, tmp_path):
    server.kill()
    server.wait()
    sharing.database(tmp_path)
    assert sharing.refusal().startswith("HYPOTHESIS_REDIS=unix://")
    assert "\n" not in sharing.refusal()


def test_without_a_server_there_is_the_folder_alone(server, tmp_path, monkeypatch):
    monkeypatch.delenv(sharing.VARIABLE)
    sharing.database(tmp_path / "one").save(b"test", b"example")
    assert not set(sharing.database(tmp_path / "other").fetch(b"test"))
