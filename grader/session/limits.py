"""The limits of one session, and their defaults, which are those of the settings, too."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What one session may use; times in seconds, sizes in bytes."""

    cell_seconds: float = 30.0
    cpu_seconds: float = 10.0
    notebook_seconds: float = 90.0
    memory: int = 2**30
    processes: int = 32
    scratch: int = 64 * 2**20
    output: int = 4 * 2**20
    open_files: int = 128
