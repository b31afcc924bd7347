"""What the HTTP interface shows of scoring's documents."""
