"""Folders of runs, and the tables, pictures and pages over them."""
