"""Saved searches: what somebody wants to be told of, the reader of the log that finds it, and its letters."""
