"""The monthly bulletin: what each month and its year came to, as of the month's last entry of the log."""
