"""Holds the log against the checkpoints that were signed of it, and the rows of the hall against the log."""
