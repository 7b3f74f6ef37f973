"""Accounts, organisations, memberships and pilot platforms."""
