"""nbgrader's settings for this course: `nbgrader ...` and the formgrader read them here."""

from pathlib import Path

from grader.nbgrader_hooks import configure

c = get_config()  # type: ignore[name-defined]  # noqa: F821 - nbgrader puts it in scope

c.CourseDirectory.course_id = "linbias"
configure(c, Path(__file__).parent)

# While answers are graded, these modules refuse to compute for them.
c.Grader.sealed_modules = ["linbias"]

# A cell of the lessons takes a tenth of a second; a loop without end is to cost the class little.
c.Grader.cpu_seconds = 2.0
c.Grader.cell_seconds = 10.0

# Who has got points for an answer in words sees ours, too.
c.Grader.model_answers = "graded"

# The mistakes that the sample class of `make demo` makes.
c.Grader.sample_answers = "linbias.sample_answers"
