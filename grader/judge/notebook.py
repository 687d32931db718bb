"""The autograded notebook: the instructor's cells, the student's answers, the outputs of both."""

import json
from typing import Any

from grader.judge.restore import Step
from grader.sanitize.notebook import safe_form

_STREAMS = ("stdout", "stderr")


def strict_outputs(claimed: Any, room: int) -> list[dict[str, Any]]:
    """Return those of a session's outputs that are nbformat's, within `room` bytes."""
    outputs: list[dict[str, Any]] = []
    for output in claimed if type(claimed) is list else []:
        made = _strict(output) if type(output) is dict else None
        if made is None:
            continue
        room -= _size(made)
        if room < 0:
            text = "[The output was too long and is cut here.]\n"
            outputs.append({"output_type": "stream", "name": "stderr", "text": text})
            break
        outputs.append(made)
    return outputs


def _strict(output: dict[str, Any]) -> dict[str, Any] | None:
    kind = output.get("output_type")
    if kind == "stream" and output.get("name") in _STREAMS:
        return {"output_type": kind, "name": output["name"], "text": _text(output.get("text"))}
    if kind in ("display_data", "execute_result"):
        data = output.get("data")
        made: dict[str, Any] = {"output_type": kind, "metadata": {}, "data": {}}
        for key, value in data.items() if type(data) is dict else ():
            if type(value) is str or (key.endswith("json") and type(value) is dict):
                made["data"][str(key)] = value
        if kind == "execute_result":
            count = output.get("execution_count")
            made["execution_count"] = count if type(count) is int else None
        return made
    if kind == "error":
        lines = output.get("traceback")
        lines = [_text(line) for line in lines] if type(lines) is list else []
        name, value = _text(output.get("ename")), _text(output.get("evalue"))
        return {"output_type": kind, "ename": name, "evalue": value, "traceback": lines}
    return None


def _text(value: Any) -> str:
    return value.encode("utf-8", "replace").decode() if type(value) is str else ""


def _size(output: dict[str, Any]) -> int:
    return sum(len(str(value)) for value in output.values())


def write_notebook(steps: list[Step], outputs: list[list[dict[str, Any]]]) -> str:
    """Return the autograded notebook as nbformat JSON."""
    cells, count = [], 0
    for index, (step, shown) in enumerate(zip(steps, outputs, strict=True)):
        cell: dict[str, Any] = {
            "cell_type": step.cell_type,
            "id": f"cell-{index}",
            "metadata": {"nbgrader": step.known.metadata} if step.known else {},
            "source": step.source,
        }
        if step.cell_type == "code":
            count += 1
            cell |= {"execution_count": count, "outputs": shown}
        elif step.attachments:
            cell["attachments"] = step.attachments
        cells.append(cell)
    notebook = {"cells": cells, "metadata": _METADATA, "nbformat": 4, "nbformat_minor": 5}
    # Without an indentation Python's fast encoder does it; nbformat's own writer takes ten times
    # as long, a fifth of what a verdict takes.
    return f"{json.dumps(safe_form(notebook), ensure_ascii=False, sort_keys=True)}\n"


_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
