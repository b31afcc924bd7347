"""The pages of accounts: sign-in, invitations, forgotten passwords, one's own account, and the accounts of others."""
