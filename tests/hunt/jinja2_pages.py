import threading

from jinja2 import DictLoader, Environment


def scenario():
    environment = Environment(
        loader=DictLoader(
            {
                "base": "<{% block x %}{% endblock %}>",
                "page": "{% extends 'base' %}{% block x %}{{ n }}{% endblock %}",
            }
        ),
        cache_size=1,
    )
    got = []

    def render(number):
        got.append(environment.get_template("page").render(n=number))

    threads = [threading.Thread(target=render, args=(number,)) for number in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == ["<1>", "<2>"]
