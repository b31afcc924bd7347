"""What the read model gives to pages."""
