"""What pages and their JSON twins show: one value from one function for each page, from the packages below."""
