"""Publishing owed events and consuming subscriptions, on any bus."""
