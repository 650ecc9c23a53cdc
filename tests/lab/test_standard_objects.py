"""What is written of the objects of the standard library is so."""

import pytest
from hypothesis import settings

from tests.lab.standard_objects import LINEARIZABLE, NOT_LINEARIZABLE
from threadlab import Unexplained, check
from threadlab.oracle.check import search

pytestmark = pytest.mark.once


@pytest.mark.parametrize("name", LINEARIZABLE)
def test_an_order_explains_the_calls(name):
    examples = settings(max_examples=5, database=None, derandomize=True)
    check(LINEARIZABLE[name], settings=examples)


@pytest.mark.parametrize("name", NOT_LINEARIZABLE)
def test_no_order_explains_these(name):
    operations, calls = NOT_LINEARIZABLE[name]
    result = search(operations, calls, executions=500)
    assert isinstance(result.failure.error, Unexplained)
