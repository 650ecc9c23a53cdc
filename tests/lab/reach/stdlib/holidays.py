"""calendar, date.today and zoneinfo.

Racy: days are booked after a look at those that are free.
"""

import calendar
import threading
from contextlib import nullcontext
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


def free_days():
    today = date.today()
    days = calendar.Calendar().itermonthdates(today.year, today.month)
    return [day for day in days if day.weekday() < calendar.SATURDAY][:2]


def book(lock):
    free, booked = free_days(), []

    def worker(zone):
        assert datetime.now(ZoneInfo(zone)).utcoffset() < timedelta(hours=15)
        with lock:
            day = free[0]
            booked.append(day.isoformat())
            del free[0]

    threads = [threading.Thread(target=worker, args=(zone,)) for zone in ("UTC", "Asia/Tokyo")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(booked)) == 2


def scenario():
    book(threading.Lock())


def racy():
    book(nullcontext())


if __name__ == "__main__":
    scenario()
