"""Annotated corpora: debates with their layers, as rows to train and evaluate on."""
