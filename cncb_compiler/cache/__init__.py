"""What a check remembers for the next one. It may be deleted at any time, and never changes a result."""
