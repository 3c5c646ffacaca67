"""One model in a process of its own, so that its memory is its own: reads orders, answers in JSON.

Orders are lines on standard input: `{"set_up": true}`, `{"advance": 4}`, `{"report": true}`.
"""

from __future__ import annotations

import json
import resource
import sys


def peak_mb() -> float:
    """Return the most memory that this process has held so far, in megabytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def main() -> None:
    """Serve orders until standard input ends."""
    bare = peak_mb()
    from benchmarks.week import Ours, Toys, timed

    kind, adults, world = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    task = Ours(adults, world) if kind == "week" else Toys(adults)
    loaded = peak_mb()
    answer: object
    for line in sys.stdin:
        order = json.loads(line)
        if "set_up" in order:
            answer = task.set_up()
        elif "advance" in order:
            answer = timed(task, order["advance"])
        else:
            answer = {"bare_mb": bare, "loaded_mb": loaded, "peak_mb": peak_mb(), "words": task.words()}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
