"""Backups of a running hall, and what is made of them: a check in a scratch place, or a hall again."""
