"""peewee: a database for all threads, and atomic.

Racy: an object is saved as it was changed.
"""

import threading

import peewee
from playhouse.shortcuts import model_to_dict


def sell(take):
    database = peewee.SqliteDatabase(
        "file:stock?mode=memory&cache=shared", uri=True, check_same_thread=False, thread_safe=False
    )

    class Item(peewee.Model):
        name = peewee.CharField(primary_key=True)
        left = peewee.IntegerField(default=5)

        class Meta:
            pass

    Item.bind(database)
    database.connect()
    database.create_tables([Item])
    Item.create(name="nail")
    threads = [threading.Thread(target=take, args=(Item, amount)) for amount in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = model_to_dict(Item.get_by_id("nail"))
    database.close()
    assert found == {"name": "nail", "left": 2}


def in_the_database(kind, amount):
    kind.update(left=kind.left - amount).where(kind.name == "nail").execute()


def in_the_object(kind, amount):
    item = kind.get_by_id("nail")
    item.left -= amount
    item.save()


def scenario():
    sell(in_the_database)


def racy():
    sell(in_the_object)


if __name__ == "__main__":
    scenario()
