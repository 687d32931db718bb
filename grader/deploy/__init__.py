"""A JupyterHub for courses: who may what, where it listens, what each role's Jupyter is set to.

`Hub` says in plain values what is wanted. All else are functions of it: they return lists and
dictionaries, or fill the configuration that JupyterHub reads. Only `folders` touches the disk.
"""

from grader.deploy.configure import configure
from grader.deploy.hub import Hub, HubCourse
from grader.deploy.lti import Platform

__all__ = ["Hub", "HubCourse", "Platform", "configure"]
