"""The gradebook: one writer, one reader."""
