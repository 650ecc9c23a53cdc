import socket

from zeroconf import ServiceBrowser, ServiceInfo, Zeroconf


class Listener:
    def __init__(self):
        self.names = []

    def add_service(self, zeroconf, kind, name):
        self.names.append(name)

    def update_service(self, zeroconf, kind, name):
        pass

    def remove_service(self, zeroconf, kind, name):
        pass


def scenario():
    zeroconf = Zeroconf(interfaces=["127.0.0.1"])
    listener = Listener()
    browser = ServiceBrowser(zeroconf, "_http._tcp.local.", listener)
    info = ServiceInfo(
        "_http._tcp.local.",
        "shop._http._tcp.local.",
        addresses=[socket.inet_aton("127.0.0.1")],
        port=80,
        server="shop.local.",
    )
    zeroconf.register_service(info)
    browser.cancel()
    zeroconf.close()
