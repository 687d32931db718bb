"""Work for several processes, each with a single thread.

The matrices of a small model are so small that threads wait for each other longer than they
compute; two models at a time use two cores well.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TypeVar

_LIBRARIES = ("OPENBLAS", "OMP", "MKL")

Given = TypeVar("Given")
Result = TypeVar("Result")


def in_processes(
    compute: Callable[[Given], Result], tasks: Iterable[Given], processes: int
) -> Iterator[Result]:
    """Give the result of each task, in order.

    Parameters
    ----------
    compute : callable
        A function of a module, as other processes have to find it.
    processes : int
        How many; with 1 all is computed here.

    Examples
    --------
    >>> list(in_processes(abs, [-1, 2], 1))
    [1, 2]
    """
    if processes == 1:
        yield from map(compute, tasks)
        return
    # Fresh processes, on every system: what is set here they read when NumPy is loaded.
    with _single_threads(), ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        yield from pool.map(compute, tasks)


@contextmanager
def _single_threads() -> Iterator[None]:
    names = [f"{name}_NUM_THREADS" for name in _LIBRARIES]
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(dict.fromkeys(names, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
