"""The sheets that offices bring in and take out: agencies, contacts, innovations, commitments."""
