"""Charts of what the read model has, with their words. Pure, but for the catalogue, which scoring has."""
