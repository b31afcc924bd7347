"""What tests of the audit log share."""
