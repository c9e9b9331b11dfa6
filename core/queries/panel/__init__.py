"""What the panel shows, read in as few queries as the page has parts.

Access is decided here: each function takes who asks, and what they may not see does not exist for them.
"""
