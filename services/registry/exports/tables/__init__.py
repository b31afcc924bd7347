"""Tables of a region in the columns that imports read: what is exported can be imported again."""
