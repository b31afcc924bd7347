"""What the registry asks about innovations, and which of their rights end."""
