"""Metrics, intervals by resampling clusters, tables."""
