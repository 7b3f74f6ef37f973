"""Programs that use the hall."""
