"""The portal's forms as a browser without a screen finds them, and bad input for them."""
