"""Reads the mailbox that bounces return to."""
