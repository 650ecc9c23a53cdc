"""SQLAlchemy over SQLite in memory.

Racy: a balance is loaded, changed and saved by two.
"""

import threading
from contextlib import nullcontext

from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import StaticPool


class Base(DeclarativeBase):
    pass


class Account(Base):
    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str]
    balance: Mapped[int] = mapped_column(default=0)


def deposit(engine, amount, lock):
    with lock, Session(engine) as session:
        account = session.scalars(select(Account).where(Account.owner == "ada")).one()
        balance = account.balance
        account.balance = balance + amount
        session.commit()


def bank(lock):
    engine = create_engine(
        "sqlite://", connect_args={"check_same_thread": False}, poolclass=StaticPool
    )
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Account(owner="ada"))
        session.commit()
    threads = [threading.Thread(target=deposit, args=(engine, n, lock)) for n in (10, 20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Session(engine) as session:
        assert session.scalar(select(func.sum(Account.balance))) == 30
    engine.dispose()


def scenario():
    bank(threading.Lock())


def racy():
    bank(nullcontext())


if __name__ == "__main__":
    scenario()
