"""Evidence of an innovation, row by row, and attached documents."""
