import threading

from werkzeug.local import LocalProxy, LocalStack
from werkzeug.routing import Map, Rule


def scenario():
    routes = Map([Rule("/<int:n>", endpoint="b"), Rule("/", endpoint="a")])
    stack = LocalStack()
    top = LocalProxy(lambda: stack.top)

    def match(number):
        stack.push(number)
        assert routes.bind("example.org").match("/1") == ("b", {"n": 1})
        assert top == number
        stack.pop()

    threads = [threading.Thread(target=match, args=(number,)) for number in (1, 2)]
    for thread in threads:
        thread.start()
    routes.add(Rule("/new", endpoint="c"))
    for thread in threads:
        thread.join()
    assert routes.bind("example.org").match("/new") == ("c", {})
