"""The duty of agencies: the policy by year, the deadlines, what is still owed, and that a deadline has passed."""
