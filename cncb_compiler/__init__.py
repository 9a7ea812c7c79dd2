"""cncb: a declarative event-topology compiler. YAML in; checked event graph, CloudFormation and handlers out."""

__version__ = "0.1.0"
