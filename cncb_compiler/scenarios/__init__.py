"""Scenarios: a system's examples, given / when / then, and the runner that holds a running system against them."""
