"""How a message is handed over: one channel, one room."""
