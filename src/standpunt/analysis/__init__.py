"""What predictions say about a debate."""
