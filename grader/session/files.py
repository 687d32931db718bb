"""The lesson's files, such as data, in the folder where a notebook runs."""

import base64
from collections.abc import Iterable
from pathlib import Path


def lay_out(files: Iterable[tuple[str, str]], folder: Path) -> None:
    """Write a lesson's files into a folder."""
    for path, content in files:
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(base64.b64decode(content))
