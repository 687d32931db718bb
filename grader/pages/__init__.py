"""The pages that people read: feedback, the class report, and nbgrader's own."""
