"""The real service, driven through a history."""
