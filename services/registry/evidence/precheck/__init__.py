"""Pre-check of evidence: what a PDF's own text says of the letter that the agency has declared."""
