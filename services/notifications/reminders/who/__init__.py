"""Who is told what: reasons, recipients, and the evaluation of what is stored."""
