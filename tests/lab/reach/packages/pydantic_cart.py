"""pydantic checks what comes from threads.

Racy: a validator keeps names unique, by look and add.
"""

import threading
from typing import ClassVar

from pydantic import BaseModel, Field, ValidationError, field_validator


class Item(BaseModel):
    taken: ClassVar[list] = []
    name: str = Field(min_length=1)
    price: int = Field(gt=0)

    @field_validator("name")
    @classmethod
    def is_new(cls, name):
        if name in cls.taken:
            raise ValueError("there is one")
        cls.taken.append(name)
        return name


def fill(lock):
    made = []

    def add(data):
        try:
            if lock is None:
                made.append(Item.model_validate_json(data))
            else:
                with lock:
                    made.append(Item.model_validate_json(data))
        except ValidationError as error:
            made.append(error.errors()[0]["type"])

    threads = [
        threading.Thread(target=add, args=('{"name": "tea", "price": "3"}',)) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    Item.taken.clear()
    assert sorted(made, key=str) == [Item.model_construct(name="tea", price=3), "value_error"]


def scenario():
    fill(threading.Lock())


def racy():
    fill(None)


if __name__ == "__main__":
    scenario()
