"""People's data: what the hall holds of whom, why and how long; told, erased, and let go in time."""
