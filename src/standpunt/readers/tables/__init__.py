"""Tables of texts: which column holds what, and rows as texts with who says them, when and where."""
