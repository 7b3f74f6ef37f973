"""Letters caused by events, and the mail reader that sends them."""
