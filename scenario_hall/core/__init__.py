"""The ground floor: database, event log, lifecycle, policy, errors, files. It knows no capability."""
