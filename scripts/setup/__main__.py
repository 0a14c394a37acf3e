"""`python -m scripts.setup serve` and `python -m scripts.setup test [pytest arguments]`."""

import signal
import sys

from scripts.setup.checks import check
from scripts.setup.errors import SetupError
from scripts.setup.serve import serve

USAGE = "Usage: scripts/serve (settings are WANGGE_* variables, see README.md)"
INTERRUPTED = 130


def main(words: list[str]) -> int:
    """Do what the words say; the exit code: 0 is good, 1 bad, 2 misused, 130 interrupted."""
    try:
        match words:
            case ["serve"]:
                return serve()
            case ["test", *arguments]:
                return check(arguments)
            case _:
                sys.stderr.write(f"{USAGE}\n")
                return 0 if set(words) & {"-h", "--help"} else 2
    except SetupError as refused:
        sys.stdout.flush()
        sys.stderr.write(f"{refused}\n")
        return 1
    except PermissionError as refused:
        sys.stderr.write(f"{refused.filename} is another user's: you may not change it.\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        return INTERRUPTED


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _interrupt)
    sys.exit(main(sys.argv[1:]))
