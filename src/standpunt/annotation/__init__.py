"""Labels: issues and codebook, standoff layers, agreement."""
