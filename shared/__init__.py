"""What every service stands on: envelope, contracts, ports, adapters, relay, delivery, lifecycle, command line."""
