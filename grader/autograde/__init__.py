"""Grade a lesson: read submissions, grade many at a time, record one by one."""
