"""Evidence by indicator: the claim, its files, and what the pre-check says of them."""
