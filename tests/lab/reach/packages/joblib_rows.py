"""joblib with its threading backend.

Racy: the rows' sums go to one variable, bare.
"""

from joblib import Parallel, delayed, hash

ROWS = [(1, 2), (3, 4), (5, 6)]


class Total:
    def __init__(self):
        self.sum = 0

    def add(self, row):
        self.sum += sum(row)
        return sum(row)


def scenario():
    sums = Parallel(n_jobs=2, backend="threading")(delayed(sum)(row) for row in ROWS)
    assert sums == [3, 7, 11]
    assert hash(ROWS) == hash(list(ROWS))


def racy():
    total = Total()
    sums = Parallel(n_jobs=2, backend="threading")(delayed(total.add)(row) for row in ROWS)
    assert sums == [3, 7, 11]
    assert total.sum == 21


if __name__ == "__main__":
    scenario()
