"""The score of an innovation, and what to add next for how many points."""
