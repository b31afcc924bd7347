"""The contacts of an agency, which notifications keeps."""
