"""What predictions say over many debates: positions by party, issue and time, with intervals, and pictures of them."""
