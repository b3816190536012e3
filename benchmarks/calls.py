"""How many function calls a request takes (Python's and C's, counted by cProfile): other programs do not disturb that.

Django's test client requests the demo, in SQLite, without the page store. Each request is made twice before one is
counted, so the caches of the process are warm. A figure moves by a few calls in a thousand from run to run, and with
the versions of Python and of the packages.
"""

import cProfile
import pstats
import tempfile

from demo_visits import prepare, steps

WARM_UP = 2


def calls(ready) -> int:
    """Of one request; `ready` prepares it and returns what sends it."""
    for _ in range(WARM_UP):
        ready()()
    do, profile = ready(), cProfile.Profile()
    profile.runcall(do)
    return pstats.Stats(profile).total_calls


def main():
    with tempfile.TemporaryDirectory(prefix="calls-") as directory:
        prepare(directory)
        for name, ready in steps().items():
            print(f"{name:<20}{calls(ready):>10,}")


if __name__ == "__main__":
    main()
