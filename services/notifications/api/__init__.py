"""The routes of notifications, a file per resource."""
