"""Lists that are brought in the browser."""
