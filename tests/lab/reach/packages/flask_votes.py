"""Flask: the same app by its test client, and served by werkzeug.

Racy: votes are counted bare.
"""

import threading
import urllib.request
from contextlib import nullcontext

from flask import Flask, g, jsonify, request
from werkzeug.serving import WSGIRequestHandler, make_server


class Quiet(WSGIRequestHandler):
    def log(self, *args):
        pass


def make_app(lock):
    app = Flask(__name__)
    app.votes = {"tea": 0}

    @app.before_request
    def remember():
        g.drink = request.view_args["drink"]

    @app.route("/vote/<drink>", methods=["GET", "POST"])
    def vote(drink):
        assert g.drink == drink
        with lock:
            app.votes[drink] += 1
        return jsonify(drink=drink)

    return app


def poll(app):
    def voter():
        with app.test_client() as client:
            assert client.post("/vote/tea").get_json() == {"drink": "tea"}

    threads = [threading.Thread(target=voter) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert app.votes == {"tea": 2}


def scenario():
    app = make_app(threading.Lock())
    poll(app)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    loop = threading.Thread(target=server.serve_forever)
    loop.start()
    with urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}/vote/tea") as response:
        assert response.status == 200
    server.shutdown()
    loop.join()
    server.server_close()
    assert app.votes == {"tea": 3}


def racy():
    poll(make_app(nullcontext()))


if __name__ == "__main__":
    scenario()
