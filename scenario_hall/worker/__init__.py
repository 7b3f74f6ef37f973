"""The process that runs the readers of the log and the scheduled jobs."""
