"""What an agency does in a real browser."""
