"""How a party votes on a motion: told from its earlier votes, and from what its members say in the debate."""
