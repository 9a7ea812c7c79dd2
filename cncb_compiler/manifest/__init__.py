"""The manifest: the linked system as JSON, for the commands that come after a compile."""
