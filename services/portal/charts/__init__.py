"""Charts as SVG made on the server, each with a table of the same figures. Pure: all words are given by the caller."""
