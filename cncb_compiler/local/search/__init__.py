"""A stand-in for OpenSearch: the part of its REST API that generated functions and their tests use."""
