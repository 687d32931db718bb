"""Write the README's picture: ``python -m linbias.plots linbias/plots/triangle.svg``."""

import sys
from pathlib import Path

from linbias.plots import as_picture, triangle


def main(arguments: list[str]) -> None:
    """Write the triangle of seven tokens with slope 0.5 to the one path given."""
    if len(arguments) != 1:
        sys.exit("Say where to write the picture: python -m linbias.plots PATH")
    Path(arguments[0]).write_bytes(as_picture(triangle(7, 0.5)).data)


if __name__ == "__main__":
    main(sys.argv[1:])
