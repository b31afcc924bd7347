"""The read model: what the portal has heard from the other services, kept so that each page is a few queries."""
