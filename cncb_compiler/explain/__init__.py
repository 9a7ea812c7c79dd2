"""Why something that was generated exists: the declaration that asked for it, and the pattern that made it."""
