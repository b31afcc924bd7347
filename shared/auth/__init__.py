"""Authentication and authorisation: tokens, keys, roles and policies."""
