"""The gallery of shared objects: each fault is found from nothing but the class and its operations.

``python -m tests.lab.shared_objects`` says how soon, for ten seeds, and tries the twins at length.
"""

import pytest
from hypothesis import Phase, settings

from tests.lab.shared_objects import NAMES, load
from threadlab import Calls, check
from threadlab.oracle.check import find, search

pytestmark = pytest.mark.once


def test_there_are_some():
    assert len(NAMES) >= 15


RARE = {
    "buffer_with_notify": Calls("", ["get()", "get()", "put(1); put(2)"]),
    "lru_cache": Calls("put('a', 0)", ["get('a')", "put('b', 0); put('c', 0)"]),
    "publish_subscribe": Calls(
        "subscribe('a'); subscribe('b')", ["publish(0)", "unsubscribe('a')"], "unsubscribe('b')"
    ),
    "ttl_cache": Calls("put('a', 0); pass_time()", ["get('a')", "put('a', 1)"], "get('a')"),
}
"""Which calls show it, where it takes long to come upon them."""


@pytest.mark.parametrize("name", NAMES)
def test_the_fault_is_found(name):
    if name in RARE:
        assert search(load(name).Faulty, RARE[name], executions=1000).found
        return
    examples = settings(max_examples=2000, database=None, phases=[Phase.generate])
    assert find(load(name).Faulty, settings=examples, seed=0).error is not None


@pytest.mark.parametrize("name", NAMES)
def test_the_twin_is_sound(name):
    check(load(name).Sound, settings=settings(max_examples=5, database=None, derandomize=True))
