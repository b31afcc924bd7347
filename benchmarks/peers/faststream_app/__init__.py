"""FastStream as its examples show it: save, then publish; no outbox, and no notifications."""
