"""The pages of an agency's operator: drafting, evidence, submission, contacts, alerts."""
