"""Backup, restore, resync, parked messages and the doctor."""
