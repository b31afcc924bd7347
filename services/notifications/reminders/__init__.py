"""Who is due for an alert, asked again and again."""
