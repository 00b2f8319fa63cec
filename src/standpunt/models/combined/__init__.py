"""Models that are put together from models."""
