"""What is public as files for whoever wants all of it: dumps by year, and their catalogue."""
