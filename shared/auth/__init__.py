"""Who is asking and what they may do: tokens, keys, roles and policies."""
