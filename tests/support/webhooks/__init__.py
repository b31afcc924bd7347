"""Webhook endpoints for tests: real receivers on loopback, and a feed that is filled by hand."""
