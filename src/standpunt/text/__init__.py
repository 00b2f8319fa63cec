"""Words, sentences and near-duplicates; positions in a text and in the file it came from."""
