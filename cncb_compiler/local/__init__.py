"""The machine as AWS: a system runs here, from its own templates, with no account and no container engine."""
