"""The portal: pages for agencies, curators, executives and the public, from a read model of its own."""
