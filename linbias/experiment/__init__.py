"""A small real experiment: models trained on short pieces, tested on long ones.

Lesson 08 calls `run`; all of it is NumPy, and the text is Python's own help.
"""

from linbias.experiment.runs import NOT_REPEATED, Model, Runs, run

__all__ = ["NOT_REPEATED", "Model", "Runs", "run"]
