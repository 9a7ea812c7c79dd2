"""What an event has caused: collected from a running system, joined to a tree, and shown."""
