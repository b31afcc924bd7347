"""The feed over HTTP: pages, long polls and streams."""
