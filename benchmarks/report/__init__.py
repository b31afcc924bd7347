"""What a benchmark says: sections with tables, goals and ratios, and the page that is made of them."""
