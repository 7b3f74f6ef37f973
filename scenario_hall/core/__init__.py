"""What every package builds on: database, clock, errors, values, policy, lifecycle types, files and limits."""
