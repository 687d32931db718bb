"""The grader's settings, read from nbgrader_config.py as ``c.Grader``."""

from traitlets import Enum, Float, Integer, List, Unicode
from traitlets.config import Configurable

from grader.session.limits import Limits

KB, MB = 2**10, 2**20


class Grader(Configurable):
    """How submissions are graded; every field is a setting of the course."""

    sealed_modules = List(
        Unicode(), help="Modules that refuse to compute in a session: answers are checked by them."
    ).tag(config=True)
    secret = Unicode("", help="Seed of the hidden test cases; change it each term.").tag(
        config=True
    )
    sample_answers = Unicode(
        "", help="A module with known wrong answers, for the sample class of `grader demo`."
    ).tag(config=True)
    inside_tests = Enum(
        ["allow", "refuse"],
        "allow",
        help="Whether a test that the solution passes only inside the session may be released.",
    ).tag(config=True)
    cell_seconds = Float(Limits.cell_seconds, help="Wall time of one cell or one call.").tag(
        config=True
    )
    cpu_seconds = Float(
        Limits.cpu_seconds,
        help="Computing time of one cell or one call, however busy the machine is.",
    ).tag(config=True)
    notebook_seconds = Float(Limits.notebook_seconds, help="Wall time of one notebook.").tag(
        config=True
    )
    memory_mb = Integer(Limits.memory // MB, help="Memory of one session, all its processes.").tag(
        config=True
    )
    processes = Integer(Limits.processes, help="Processes and threads of one session.").tag(
        config=True
    )
    scratch_mb = Integer(
        Limits.scratch // MB, help="What a session may write to its scratch folder."
    ).tag(config=True)
    output_kb = Integer(Limits.output // KB, help="Output of one notebook, figures included.").tag(
        config=True
    )
    submission_mb = Integer(20, help="Size of one submitted notebook.").tag(config=True)

    @property
    def limits(self) -> Limits:
        """What one session may use."""
        return Limits(
            cell_seconds=self.cell_seconds,
            cpu_seconds=self.cpu_seconds,
            notebook_seconds=self.notebook_seconds,
            memory=self.memory_mb * MB,
            processes=self.processes,
            scratch=self.scratch_mb * MB,
            output=self.output_kb * KB,
        )
