"""A debate read as a whole: the turns of a debate on an issue, classified together."""
