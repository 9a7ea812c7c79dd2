"""The plan's values: what a service's stack will hold, free of any cloud's words."""
