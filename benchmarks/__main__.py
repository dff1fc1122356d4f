"""`python -m benchmarks`: every benchmark in turn, or those that are named (`python -m benchmarks delivery`)."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

ROOMS = ("parsing", "search", "delivery", "updates")


def main(names: list[str]) -> int:
    """Run benchmarks; returns the exit code."""
    if unknown := [name for name in names if name not in ROOMS]:
        print(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(ROOMS)}", file=sys.stderr)
        return 2
    if len(names) == 1:
        import_module(f"benchmarks.{names[0]}").run()
        return 0
    # Each in a process of its own: what one has left in memory is no cost of the next.
    commands = ([sys.executable, "-m", "benchmarks", name] for name in names or ROOMS)
    return max(subprocess.run(command, check=False).returncode for command in commands)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
