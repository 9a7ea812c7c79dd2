"""Where a system is deployed to: AWS, or an endpoint that stands in for it."""
