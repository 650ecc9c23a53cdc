import threading


class Shelf:
    def __init__(self, books):
        self.changed = threading.Condition()
        self.books = list(books)

    def borrow(self):
        with self.changed:
            while not self.books:
                self.changed.wait()
            return self.books.pop()

    def borrow_hastily(self):
        with self.changed:
            if not self.books:
                self.changed.wait()
            return self.books.pop()

    def give_back(self, book):
        with self.changed:
            self.books.append(book)
            self.changed.notify_all()
