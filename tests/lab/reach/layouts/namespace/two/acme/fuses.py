import acme.rockets


def light(name):
    with acme.rockets.lock:
        light_alone(name)


def light_alone(name):
    if not acme.rockets.launched:
        acme.rockets.launched.append(name)
