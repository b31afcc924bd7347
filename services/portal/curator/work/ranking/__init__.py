"""Rankings, freezes and competitions."""
