"""The page of a debate: one self-contained HTML file."""
