"""Families whose encoder is not trained."""
