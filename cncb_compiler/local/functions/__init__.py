"""Lambda functions on this machine: each environment a process of its own under Lambda's runtime client for Python."""
