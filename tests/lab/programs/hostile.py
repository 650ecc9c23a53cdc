"""Objects that note each call of their methods: to look at them must call none."""

import collections
import threading
import weakref

calls = []


def told(name):
    def method(self, *args):
        calls.append(name)
        return getattr(super(Hostile, self), name)(*args)

    return method


class Meta(type):
    def __getattribute__(cls, name):
        calls.append(f"type.{name}")
        return super().__getattribute__(name)

    def __eq__(cls, other):
        calls.append("== of a type")
        return cls is other

    def __hash__(cls):
        calls.append("hash of a type")
        return 1

    @property
    def __name__(cls):
        calls.append("name of a type")
        return "?"


class Hostile(metaclass=Meta):
    def __init__(self):
        self.value = 0
        self.children = [self]

    __repr__, __str__, __hash__, __eq__ = map(told, ("__repr__", "__str__", "__hash__", "__eq__"))
    __getattribute__ = told("__getattribute__")

    def __getattr__(self, name):
        calls.append(name)
        raise AttributeError(name)

    def __len__(self):
        calls.append("len")
        return 1

    def __iter__(self):
        calls.append("iter")
        return iter(())

    @property
    def __class__(self):
        calls.append("class")
        return int

    @property
    def computed(self):
        calls.append("computed")
        return self.value


class Slots:
    __slots__ = ("lock", "value")

    def __repr__(self):
        calls.append("repr")
        return "?"


class Computed:
    def __get__(self, owner, cls=None):
        calls.append("get")
        return 1

    def __set__(self, owner, value):
        calls.append("set")


class Descriptor:
    computed = Computed()


def overridden(base, *names):
    def method(name):
        def call(self, *args):
            calls.append(name)
            return getattr(base, name)(self, *args)

        return call

    return type(base.__name__.title() + "y", (base,), {name: method(name) for name in names})


Listy = overridden(list, "__len__", "__iter__", "__repr__")
Items = overridden(list, "__getitem__", "__setitem__")
Dicty = overridden(dict, "items", "keys", "get", "__len__", "__iter__", "__contains__")
Sety = overridden(set, "__len__", "__iter__", "__repr__")
Key = overridden(str, "__repr__", "__str__", "__format__", "__hash__", "__eq__")
Number = overridden(int, "__repr__", "__index__", "__hash__", "__eq__", "bit_length")
Text = overridden(str, "__repr__", "__str__", "__len__", "__getitem__", "isprintable")


class Named(threading.Thread):
    @property
    def name(self):
        calls.append("name")
        return "hostile"

    @name.setter
    def name(self, name):
        self._name = name


class Locked(type(threading.Condition())):
    def __getattribute__(self, name):
        calls.append(f"condition.{name}")
        return super().__getattribute__(name)


class Fleeting:
    value = 0

    def __del__(self):
        calls.append("del")
        for number in range(3):
            calls.append(number)


local = threading.local()
shared = None


def scenario():
    global shared
    calls.clear()
    one, slots, descriptor = Hostile(), Slots(), Descriptor()
    slots.value, slots.lock = Text("value"), threading.Lock()
    shared = slots
    lists = [Listy([1, 2]), Items([1, 2])]
    dicts = [Dicty(k=1), collections.defaultdict(int), {Key("k"): 1, Number(3): 2, 2: 3}]
    sets = [Sety([1]), {1, Text("a")}]
    condition = Locked()
    dead = []

    def work():
        local.value = one
        local.value
        one.value += 1
        one.children.append(Hostile())
        one.computed
        descriptor.computed = 2
        descriptor.computed
        for each in (*lists, *dicts, *sets, Number(one.value)):
            shared.value = each
        with slots.lock, condition:
            for each in lists:
                each[0] = each[1]
                each.append(3)
            for each in dicts:
                each["k"] = 1
                each["k"]
                each[3] = each["k"]
            for each in sets:
                each.add(Text("a"))
            condition.notify_all()
            condition.wait(1)
        Fleeting().value = 1
        fleeting = Fleeting()
        dead.append(weakref.ref(fleeting, lambda ref: calls.append("gone")))
        fresh = threading.Lock()
        with fresh, condition:
            fleeting.value += 1
        del fleeting
        assert dead.pop()() is None
        del one.value

    threads = [Named(target=work), Named(target=work)]
    threads[0].name = threads[1].name = "a\n[bold]b[/bold] \x1b[31m\u00e9 \ud800"
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    shared = None
    assert not calls, (len(calls), *calls)
