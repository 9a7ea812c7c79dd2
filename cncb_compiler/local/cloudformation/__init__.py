"""CloudFormation on this machine: strict where the mock's own is lenient. What it cannot hold, it refuses."""
