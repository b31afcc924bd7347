"""Who is due for an alert, and the sweep that turns due alerts into messages."""
