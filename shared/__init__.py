"""What every service uses: contracts, ports and adapters, messaging, storage, HTTP, the runtime, the command line."""
