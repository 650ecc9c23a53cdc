"""What pytest and unittest call by name around a test, called for each execution of its body.

An execution builds its own state, and so do the set-ups of its module, class and method, in the
simulated world. Each may take what pytest would give it: the module, the class, the method, or
nothing. Fixtures are not set up here: they are functions of the process, and what they return is
carried over.
"""

import inspect
from collections.abc import Callable
from contextlib import ExitStack
from types import ModuleType
from typing import Any

OF_A_FUNCTION = {
    *("setUpModule", "tearDownModule", "setup_module", "teardown_module"),
    *("setup_function", "teardown_function"),
}
"""What is called for a test that is in no class."""


def set_up(stack: ExitStack, module: ModuleType, owner: Any, name: str) -> Any:
    """Set up for the test ``name`` of ``owner``, a class, or of ``module``; torn down by ``stack``.

    Returns a new instance of ``owner``, or none where that is none. Not a context manager of its
    own, since such a generator sets an attribute of what is raised, and some exceptions let nobody.
    """

    def call(thing: object, up: str, down: str, argument: object) -> None:
        if (function := getattr(thing, up, None)) is not None:
            _call(function, argument)
        if (function := getattr(thing, down, None)) is not None:
            stack.callback(_call, function, argument)

    call(module, "setUpModule", "tearDownModule", module)
    call(module, "setup_module", "teardown_module", module)
    if owner is None:
        call(module, "setup_function", "teardown_function", getattr(module, name, None))
        return None
    if hasattr(owner, "doCleanups"):  # of unittest
        stack.callback(_clean, owner.doClassCleanups)
        call(owner, "setUpClass", "tearDownClass", owner)
        instance = owner(name)
        stack.callback(_clean, instance.doCleanups)
        call(instance, "setUp", "tearDown", None)
    else:
        call(owner, "setup_class", "teardown_class", owner)
        instance = owner()
        call(instance, "setup_method", "teardown_method", getattr(instance, name, None))
    return instance


def _call(function: Callable[..., object], argument: object) -> None:
    function(*[argument] * min(len(inspect.signature(function).parameters), 1))


def _clean(clean: Callable[[], object]) -> None:
    if clean() is False:
        raise AssertionError("a cleanup failed")
