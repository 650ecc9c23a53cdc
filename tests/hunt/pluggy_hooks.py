import threading

import pluggy

spec, impl = pluggy.HookspecMarker("hunt"), pluggy.HookimplMarker("hunt")


class Spec:
    @spec
    def tell(self, what):
        pass


class Plugin:
    @impl
    def tell(self, what):
        return what


def scenario():
    manager = pluggy.PluginManager("hunt")
    manager.add_hookspecs(Spec)
    manager.register(Plugin())

    def call():
        assert "x" in manager.hook.tell(what="x")

    def change():
        plugin = Plugin()
        manager.register(plugin)
        manager.unregister(plugin)

    threads = [threading.Thread(target=target) for target in (call, change)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert manager.hook.tell(what="x") == ["x"]
