"""Forms of an innovation's origin, actors, sustainability and rights, which its agency and its region's curator share.

A group is one form and one command to the registry; nothing here knows who is signed in but the pages.
"""
