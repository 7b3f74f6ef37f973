"""The command line, `python -m scenario_hall …`."""
