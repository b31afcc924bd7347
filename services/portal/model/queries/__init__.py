"""What pages ask of the read model."""
