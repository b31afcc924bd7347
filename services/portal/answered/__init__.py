"""What the owners answer, as the pages of more than one role read it."""
