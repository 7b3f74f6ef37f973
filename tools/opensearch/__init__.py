"""A real OpenSearch from the packages of Maven's registry, for tests and benchmarks on one machine."""
