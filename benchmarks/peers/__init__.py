"""The peers: other tools of the field, each making the equivalent of the same services."""
