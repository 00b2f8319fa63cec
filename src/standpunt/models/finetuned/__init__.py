"""Families whose encoder is trained."""
