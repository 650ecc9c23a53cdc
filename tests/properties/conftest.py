import pytest

from tests.harness.worlds import World


@pytest.fixture(scope="session", autouse=True)
def _each_world(world: World) -> None:
    """Every property runs in every world."""
