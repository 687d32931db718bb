"""The state of a course: all that grading leaves, to be compared."""

import json
from typing import Any

from grader.course.course import Course


def everything(course: Course) -> dict[str, Any]:
    """All that grading leaves: the gradebook without its ids, the outcomes without times, files."""
    with course.gradebook() as gradebook:
        rows = {
            submission.student_id: [
                submission.timestamp,
                [notebook.late_submission_penalty for notebook in submission.notebooks],
                *(
                    sorted(
                        (grade.name, grade.auto_score, grade.manual_score, grade.needs_manual_grade)
                        for notebook in submission.notebooks
                        for grade in notebook.grades
                    ),
                    sorted(
                        (comment.name, comment.auto_comment, comment.manual_comment)
                        for notebook in submission.notebooks
                        for comment in notebook.comments
                    ),
                ),
            ]
            for submission in gradebook.assignment_submissions("ps1")
        }
        students = sorted(student.id for student in gradebook.students)
    files = sorted(path for path in course.classroom.rglob("*") if path.is_file())
    texts = {
        str(path.relative_to(course.classroom)): path.read_text()
        for path in files
        if path.suffix in (".ipynb", ".txt")
    }
    return {
        "rows": rows,
        "students": students,
        "outcomes": [timeless(json.loads(one.to_json())) for one in course.outcomes("ps1")],
        "names": [str(path.relative_to(course.classroom)) for path in files],
        "texts": texts,
    }


def timeless(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: timeless(one)
            for key, one in value.items()
            if key not in ("seconds", "cell_seconds")
        }
    return [timeless(one) for one in value] if isinstance(value, list) else value
