"""The curator's office: tables in and out, agencies, deadlines, people and alerts."""
