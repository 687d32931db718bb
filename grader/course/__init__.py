"""The course: its settings, its lessons, and how a lesson is released."""
