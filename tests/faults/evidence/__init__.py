"""Evidence that is hostile or wrong, in numbers."""
