"""What is drawn by lot in the simulated world is the same in each execution."""

import random

from tests.lab.simulating import simulate


def test_what_the_system_draws_is_the_same_in_each_execution(tmp_path):
    made = simulate(
        tmp_path,
        """
        import os, random, secrets, tempfile, uuid

        own = random.Random()
        at_import = random.random(), own.random(), os.urandom(8).hex(), uuid.uuid4()

        def scenario():
            drawn = [
                random.random(),
                own.random(),
                random.Random().random(),
                random.Random().random(),
                random.SystemRandom().random(),
                os.urandom(8).hex(),
                os.urandom(8).hex(),
                secrets.token_hex(),
                uuid.uuid4(),
                uuid.uuid4(),
                next(tempfile._RandomNameSequence()),
            ]
            return drawn, at_import
        """,
    )
    drawn, at_import = made
    assert len({*drawn, *at_import}) == len(drawn) + len(at_import)


def test_it_is_the_same_in_each_world(tmp_path):
    text = "import os, random\ndef scenario():\n    return os.urandom(8), random.random()\n"
    assert simulate(tmp_path, text) == simulate(tmp_path, text)


def test_what_a_program_seeds_is_as_it_is_anywhere(tmp_path):
    made = simulate(
        tmp_path,
        """
        import random
        import _random

        random.seed(5)
        text = random.Random("text")

        def scenario():
            numbers = random.random(), text.random(), random.Random(7).getrandbits(99)
            again = random.Random()
            again.setstate(text.getstate())
            return *numbers, again.random() == text.random(), _random.Random(5).random()
        """,
    )
    five = random.Random(5).random()
    assert made == (
        five,
        random.Random("text").random(),
        random.Random(7).getrandbits(99),
        True,
        five,
    )


def test_a_time_based_uuid_is_of_the_virtual_clock(tmp_path):
    first, second, later, node = simulate(
        tmp_path,
        """
        import time, uuid

        def scenario():
            first, second = uuid.uuid1(), uuid.uuid1()
            time.sleep(1)
            return first, second, uuid.uuid1(), uuid.getnode()
        """,
    )
    since_1582 = (10**9 * 10**7) + 0x01B21DD213814000
    assert (first.version, first.variant) == (1, "specified in RFC 4122")
    assert [one.time - since_1582 for one in (first, second, later)] == [0, 1, 10**7]
    assert first.node == node == later.node
    assert first != second


def test_numbers_that_are_drawn_are_spread(tmp_path):
    text = (
        "import random\ndef scenario():\n    return [random.Random().random() for _ in range(99)]\n"
    )
    drawn = simulate(tmp_path, text)
    assert 0.35 < sum(drawn) / len(drawn) < 0.65
    assert len(set(drawn)) == 99
