"""The contacts of a retired agency go on as contacts of its successor."""
