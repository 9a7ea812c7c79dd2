"""One way to deploy, to AWS or to this machine: package, upload, change set, execute, outputs."""
