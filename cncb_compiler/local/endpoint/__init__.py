"""The process that stands in for AWS: moto's services, a strict CloudFormation, and a control API under `/_cncb/`."""
