"""Webhooks: endpoints of organisations and of the hall, each a reader of the log with a position of its own."""
