"""How much more CPU time a longer text takes. Only ratios are compared, measured by turns: what else a machine does
slows both sides down, and the shortest run of each counts."""

from time import thread_time

# Of time in proportion to the length; 16 times the length takes 256 times as long in proportion to its square.
MOST_GROWTH = 2.2
TRIES = 6
# Below a few milliseconds other things are measured.
LEAST_SECONDS = 0.002


def repeated(text):
    return lambda length: (text * (length // len(text) + 1))[:length]


def times_as_long(one, other, most):
    """CPU time of calling `one` over that of calling `other`: at once if less than `most`, else from six tries."""
    longest, shortest = [], []
    for _ in range(TRIES):
        longest.append(_seconds(one))
        shortest.append(_seconds(other))
        found = min(longest) / max(LEAST_SECONDS, min(shortest))
        if found < most:
            break
    return found


def growth(act, made, short, times, most=None):
    """How many times as long `act(made(short * times))` takes as `act(made(short))`. `most` is in these times, too."""
    long_one, short_one = made(short * times), made(short)
    return times_as_long(lambda: act(long_one), lambda: act(short_one), most or MOST_GROWTH * times)


def _seconds(act):
    started = thread_time()
    act()
    return thread_time() - started
