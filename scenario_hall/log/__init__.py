"""The event log: its hash chain, readers, public codes, and state transitions."""
