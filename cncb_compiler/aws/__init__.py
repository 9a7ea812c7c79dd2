"""A service's plan as a CloudFormation template."""
