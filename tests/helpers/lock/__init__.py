"""Sessions that look around, and who they are started by."""
