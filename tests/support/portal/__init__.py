"""The portal in tests: sessions without accounts, an application without a process."""
