"""Webhook endpoints: other systems' addresses to which the feed hands over what changes."""
