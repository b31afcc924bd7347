"""The way of an innovation from idea to continued use."""
