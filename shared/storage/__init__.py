"""What services build on the store port."""
