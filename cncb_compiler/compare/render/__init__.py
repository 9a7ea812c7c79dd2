"""Differences in the forms that people and programs read: pure functions of one value."""
