from joblib import Parallel, delayed


def scenario():
    rows = Parallel(n_jobs=2, backend="threading", return_as="generator_unordered")(
        delayed(abs)(n) for n in range(3)
    )
    assert sorted(rows) == [0, 1, 2]
