"""The mails of accounts: invitations and links to choose another password."""
