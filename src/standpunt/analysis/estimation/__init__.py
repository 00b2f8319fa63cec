"""Shares of many turns, corrected for the errors of the model that read them, from a small sample read by people."""
