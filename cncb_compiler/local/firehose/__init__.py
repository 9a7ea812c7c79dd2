"""Amazon Data Firehose on this machine: delivery streams from Kinesis through a function into a bucket."""
