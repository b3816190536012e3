"""Tables of input in one test: every row is checked, and a failure names each row that failed."""


def failures(rows, check):
    """Call `check(row)` for every row; returns the error of each row that failed, so `assert failures(…) == {}`."""
    failed = {}
    for row in rows:
        try:
            check(row)
        except Exception as error:
            failed[row] = f"{type(error).__name__}: {error}"
    return failed
