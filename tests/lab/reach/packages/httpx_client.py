"""httpx: one client for several threads, over a transport of its own.

Racy: a token is renewed.
"""

import threading

import httpx


class Api:
    def __init__(self):
        self.issued = 0

    def __call__(self, request):
        if request.url.path == "/token":
            self.issued += 1
            return httpx.Response(200, json={"token": f"t{self.issued}"})
        good = request.headers.get("Authorization") == f"Bearer t{self.issued}"
        return httpx.Response(200 if good else 401, json={"path": request.url.path})


class Session:
    def __init__(self, client):
        self.client = client
        self.lock = threading.Lock()
        self.token = None

    def renew(self):
        if self.token is None:
            self.token = self.client.post("/token").json()["token"]

    def get(self, path, careful):
        if careful:
            with self.lock:
                self.renew()
        else:
            self.renew()
        answer = self.client.get(path, headers={"Authorization": f"Bearer {self.token}"})
        answer.raise_for_status()


def use(careful):
    api = Api()
    transport = httpx.MockTransport(api)
    with httpx.Client(transport=transport, base_url="http://api.test", trust_env=False) as client:
        session = Session(client)
        threads = [
            threading.Thread(target=session.get, args=(path, careful)) for path in ("/a", "/b")
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert api.issued == 1


def scenario():
    use(careful=True)


def racy():
    use(careful=False)


if __name__ == "__main__":
    scenario()
