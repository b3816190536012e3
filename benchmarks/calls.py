"""How many function calls a request takes (Python's and C's, counted by cProfile): other programs do not disturb that.

Django's test client requests the demo, in SQLite, without the page store. Each request is made twice before one is
counted, so the caches of the process are warm. A figure moves by a few calls in a thousand from run to run, and with
the versions of Python and of the packages. With `--limits` it fails if one is above its limit.
"""

import cProfile
import pstats
import sys
import tempfile

from demo_visits import prepare, steps

WARM_UP = 2
LIMITS = {
    "article page": 24_000,
    "with 20 comments": 38_000,
    "home page": 33_000,
    "category page": 19_000,
    "quiz paper": 24_000,
    "quiz submitted": 11_000,
    "comment posted": 8_000,
}


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
        above = []
        for name, ready in steps().items():
            number, limit = calls(ready), LIMITS.get(name)
            print(f"{name:<20}{number:>10,}{f'   at most {limit:,}' if limit else ''}")
            if limit and number > limit:
                above.append(name)
    if above and "--limits" in sys.argv:
        sys.exit(f"Above the limit: {', '.join(above)}.")


if __name__ == "__main__":
    main()
