"""The stored states of the read model: how an event changes them, and what pages see of them. Pure."""
