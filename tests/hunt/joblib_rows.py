from joblib import Parallel, delayed


def scenario():
    with Parallel(n_jobs=2, backend="threading", batch_size=1) as parallel:
        assert parallel(delayed(pow)(n, 2) for n in range(3)) == [0, 1, 4]
        assert sorted(parallel(delayed(abs)(n) for n in range(3))) == [0, 1, 2]
