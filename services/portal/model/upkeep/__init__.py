"""Whether the read model has every subject, and how it is built anew."""
