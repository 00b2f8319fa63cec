"""Models that do not read the text; every table of results carries them."""
