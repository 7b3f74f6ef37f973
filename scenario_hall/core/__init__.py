"""The ground floor: database, event log, workflow, policy, errors, files. It knows no capability."""
