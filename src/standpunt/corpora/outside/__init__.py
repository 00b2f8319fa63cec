"""Data sets of others, a module each: rows from the files that a user has."""
