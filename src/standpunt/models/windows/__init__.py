"""Long turns as windows, and the families that read them."""
