"""The configuration of a hub to try; `make hub` gives it to JupyterHub."""

import os
from pathlib import Path

from grader.deploy.trial import configure_trial, passwords, trial_hub

hub = trial_hub(Path.cwd(), int(os.environ["GRADER_TRIAL_PORT"]))

configure_trial(
    get_config(),  # type: ignore[name-defined]  # noqa: F821 - JupyterHub puts it in scope
    hub,
    passwords(hub.private / "passwords.json"),
)
