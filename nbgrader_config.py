"""nbgrader's settings for this course: `nbgrader ...` and the formgrader read them here."""

from pathlib import Path

from grader.plain import configure

c = get_config()  # type: ignore[name-defined]  # noqa: F821 - nbgrader puts it in scope

configure(c, Path(__file__).parent)

# While a student's function is checked, these modules refuse to compute for it.
c.Grader.sealed_modules = ["linbias"]

# A cell of the lessons takes well under a second; a loop without end is to cost the class little.
c.Grader.cell_seconds = 5.0

# The mistakes that the sample class of `make demo` makes.
c.Grader.sample_answers = "linbias.sample_answers"
