"""The resource types that are held, one file for each."""
