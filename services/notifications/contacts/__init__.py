"""People and their addresses: the only home of phone numbers and mail addresses."""
