"""A region's alert policy as data with a history: the ladder, the roles, quiet hours, caps, holidays."""
