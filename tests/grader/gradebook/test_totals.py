"""A student's total is nbgrader's: penalties off, marks given by hand counted."""

from datetime import datetime

from small_class import enrol, graded, hand_in_graded

from grader.gradebook.totals import class_totals


def test_totals_are_what_nbgrader_exports(released_course):
    enrol(released_course, ("emmy", "Emmy", "Noether", "", ""))
    hand_in_graded(released_course, graded("ada"), graded("bob", 1.0, None))
    with released_course.gradebook() as gradebook:
        submission = gradebook.find_submission("ps1", "ada")
        submission.timestamp = datetime(2026, 10, 31)
        gradebook.find_assignment("ps1").duedate = datetime(2026, 10, 30)
        submission.notebooks[0].late_submission_penalty = 1.5
        gradebook.db.commit()

        found = class_totals(gradebook, ["ps1", "unreleased"])

        exported = {
            one.student.id: one.score - one.late_submission_penalty
            for one in gradebook.assignment_submissions("ps1")
        }
    totals = found.totals
    assert {student: total.points for (student, _), total in totals.items()} == exported
    assert exported == {"ada": 4.5, "bob": 2.0}
    assert found.lessons == {"ps1": 6.0}
    assert [one.id for one in found.students] == ["ada", "bob", "emmy"]
    ada, bob = totals["ada", "ps1"], totals["bob", "ps1"]
    assert (ada.penalty, ada.seconds_late, ada.waiting) == (1.5, 86400.0, 0.0)
    assert (bob.max_points, bob.waiting) == (3.0, 3.0)
    [(notebook, identity)] = ada.submissions
    assert (notebook, len(identity)) == ("ps1", 32)
