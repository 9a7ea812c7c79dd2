"""Rebuilding a view: a fresh copy beside it, filled from the lake, then switched to."""
