import parent


class Child:
    def __init__(self, of):
        assert isinstance(of, parent.Parent)
        self.parent = of
        self.eaten = []

    def ask(self, give):
        if give():
            self.eaten.append("cookie")
