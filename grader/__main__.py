"""``python -m grader`` is the command ``grader``."""

import sys


def main() -> int:
    """Run the command line; also when it is stopped while it begins, that is told in one line."""
    try:
        from grader.cli import main as run

        return run()
    except KeyboardInterrupt:
        exec("")  # else Python, told of it amid an import, ends itself by the signal at exit
        print("grader: stopped before anything was done.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
