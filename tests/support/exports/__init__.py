"""What tests of exports need."""
