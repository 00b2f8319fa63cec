"""Where reports come from when they are not files yet: the official services."""
