"""The routes of continuation: from idea to continued use."""
