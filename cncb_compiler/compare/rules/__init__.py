"""One file for each kind of change: what it is, how bad, whom it touches. The docstring is its page."""
