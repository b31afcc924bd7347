"""The public contracts: event types with their payloads, closed lists, subscriptions, topology. No personal data."""
