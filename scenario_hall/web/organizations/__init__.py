"""Pages of organisations and pilot platforms."""
