"""The grader's settings, read from nbgrader_config.py as ``c.Grader``."""

from traitlets import Float, Integer, List, Unicode
from traitlets.config import Configurable


class Grader(Configurable):
    """How submissions are graded; every field is a setting of the course."""

    sealed_modules = List(
        Unicode(), help="Modules that refuse to compute in a session: answers are checked by them."
    ).tag(config=True)
    secret = Unicode(
        "", help="Of this secret hidden tests make their cases; keep it for a term."
    ).tag(config=True)
    sample_answers = Unicode(
        "", help="A module with known wrong answers, for the sample class of `grader demo`."
    ).tag(config=True)
    cell_seconds = Float(30.0, help="Wall time of one cell or one call.").tag(config=True)
    cpu_seconds = Float(
        10.0, help="Computing time of one cell or one call, however busy the machine is."
    ).tag(config=True)
    notebook_seconds = Float(90.0, help="Wall time of one notebook.").tag(config=True)
    memory_mb = Integer(1024, help="Memory of one session, all its processes.").tag(config=True)
    processes = Integer(32, help="Processes and threads of one session.").tag(config=True)
    scratch_mb = Integer(64, help="What a session may write to its scratch folder.").tag(
        config=True
    )
    output_kb = Integer(4096, help="Output of one notebook, figures included.").tag(config=True)
    submission_mb = Integer(20, help="Size of one submitted notebook.").tag(config=True)
