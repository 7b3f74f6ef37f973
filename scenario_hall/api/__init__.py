"""The JSON API: the pages' services and lifecycles for programs, with one declaration an operation."""
