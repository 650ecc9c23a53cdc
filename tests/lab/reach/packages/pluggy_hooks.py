"""pluggy: plugins are called from threads.

Racy: a plugin keeps what it is at in an attribute.
"""

import threading

import pluggy

spec = pluggy.HookspecMarker("mill")
impl = pluggy.HookimplMarker("mill")


class Specs:
    @spec
    def grind(self, grain):
        """Makes flour."""


class Stones:
    @impl
    def grind(self, grain):
        return f"{grain} flour"


class Sack:
    @impl(wrapper=True)
    def grind(self, grain):
        results = yield
        return [f"sack of {result}" for result in results]


class OneStone(Stones):
    @impl
    def grind(self, grain):
        self.grain = grain
        return super().grind(self.grain)


def mill(stones):
    manager = pluggy.PluginManager("mill")
    manager.add_hookspecs(Specs)
    manager.register(stones)
    manager.register(Sack())
    flour = {}

    def miller(grain):
        flour[grain] = manager.hook.grind(grain=grain)

    threads = [threading.Thread(target=miller, args=(grain,)) for grain in ("rye", "oat")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert flour == {"rye": ["sack of rye flour"], "oat": ["sack of oat flour"]}


def scenario():
    mill(Stones())


def racy():
    mill(OneStone())


if __name__ == "__main__":
    scenario()
