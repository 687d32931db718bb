"""The grader's settings, read from nbgrader_config.py as ``c.Grader``.

The ``help`` of each says what it is and when to change it; the teachers' guide is made from them.
"""

from traitlets import Enum, Float, Integer, List, Unicode
from traitlets.config import Configurable

from grader.session.limits import Limits

KB, MB = 2**10, 2**20


class Grader(Configurable):
    """How submissions are graded; every field is a setting of the course."""

    sealed_modules = List(
        Unicode(),
        help="Modules that refuse to compute in a session: answers are checked by them. Name a "
        "module here when the students have it installed and it can do the exercises for them.",
    ).tag(config=True)
    secret = Unicode(
        "",
        help="Seed of the hidden test cases; change it each term. Without it the cases are drawn "
        "from a value that everybody can read in the package: who wants to can compute them at "
        "home, but still needs an answer that is right on them.",
    ).tag(config=True)
    own_numbers = List(
        Unicode(),
        help="Lessons in which students get numbers of their own, such as ['01', '02']. Change it "
        "when neighbours copy numbers; it needs a `secret`. Release these lessons again and send "
        "each student the code that `grader codes` prints.",
    ).tag(config=True)
    sample_answers = Unicode(
        "",
        help="A module with known wrong answers, for the sample class of `grader demo`. Change it "
        "when your own lessons have such a module; no other command needs it.",
    ).tag(config=True)
    inside_tests = Enum(
        ["allow", "refuse"],
        "allow",
        help="Whether a test that the solution passes only inside the session may be released. "
        "Set it to 'refuse' for an exam: all points then come from tests that students' code "
        "cannot reach.",
    ).tag(config=True)
    model_answers = Enum(
        ["never", "graded"],
        "never",
        help="Whether a feedback page shows the answer in words of your own notebook. With "
        "'graded' it stands, folded, under an answer to which a person has given points. Students "
        "pass pages on: set it when nobody can hand in again.",
    ).tag(config=True)
    cell_seconds = Float(
        Limits.cell_seconds,
        help="Wall time of one cell or one call, in seconds. Raise it when an honest answer waits "
        "or computes longer; lower it when many answers never end.",
    ).tag(config=True)
    cpu_seconds = Float(
        Limits.cpu_seconds,
        help="Computing time of one cell or one call in seconds, however busy the machine is. "
        "Raise it when an honest answer computes longer; lower it to lose less time with loops "
        "without end.",
    ).tag(config=True)
    notebook_seconds = Float(
        Limits.notebook_seconds,
        help="Wall time of one notebook, in seconds. Raise it for a lesson with many slow cells.",
    ).tag(config=True)
    memory_mb = Integer(
        Limits.memory // MB,
        help="Memory of one session in MB, all its processes. Raise it when a lesson loads large "
        "data; lower it when many sessions run at a time on a small machine.",
    ).tag(config=True)
    processes = Integer(
        Limits.processes,
        help="Processes and threads of one session. Raise it when a library of the lesson starts "
        "more of them and says that it cannot.",
    ).tag(config=True)
    scratch_mb = Integer(
        Limits.scratch // MB,
        help="What a session may write to its scratch folder, in MB. Raise it when a lesson "
        "writes large files.",
    ).tag(config=True)
    output_kb = Integer(
        Limits.output // KB,
        help="Output of one notebook in KB, figures included. Raise it when honest notebooks have "
        "many large figures.",
    ).tag(config=True)
    submission_mb = Integer(
        20,
        help="Size of one submitted notebook, in MB. Raise it when students hand in notebooks with "
        "large pictures.",
    ).tag(config=True)

    watch_seconds = Float(
        2.0,
        help="How long `grader watch` waits between two looks into the exchange, in seconds. Raise "
        "it when the exchange lies on a slow network disk.",
    ).tag(config=True)
    watch_sessions = Integer(
        2,
        help="How many sessions `grader watch` runs at a time. Raise it on a machine with idle "
        "cores; lower it to 1 when students work on the same machine.",
    ).tag(config=True)

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
