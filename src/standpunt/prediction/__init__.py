"""A trained model pointed at debates."""
