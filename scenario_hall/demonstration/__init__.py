"""Demonstration data: invented organisations and the story of a few weeks, played through the services."""
