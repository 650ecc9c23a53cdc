"""jinja2, markupsafe and yaml: pages made by threads.

Racy: a global of the templates is changed.
"""

import threading

import jinja2
import yaml

CONFIG = yaml.safe_load("users: [ada, bob]\ngreeting: Hello\n")
LOADER = jinja2.DictLoader({"page": "{{ greeting }}, {{ user }}!{% include 'foot' %}", "foot": "."})


def render_all(render):
    pages = {}

    def work(user):
        pages[user] = render(user)

    threads = [threading.Thread(target=work, args=(user,)) for user in CONFIG["users"]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert pages == {"ada": "Hello, ada!.", "bob": "Hello, bob!."}


def scenario():
    pages = jinja2.Environment(loader=LOADER, autoescape=True, cache_size=1)
    render_all(lambda user: pages.get_template("page").render(CONFIG, user=user))


def racy():
    pages = jinja2.Environment(loader=LOADER)

    def render(user):
        pages.globals["user"] = user
        page = pages.get_template("page")
        return page.render(CONFIG, user=pages.globals["user"])

    render_all(render)


if __name__ == "__main__":
    scenario()
