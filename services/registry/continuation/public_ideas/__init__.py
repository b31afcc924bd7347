"""Ideas of anybody, for the curator of a region."""
