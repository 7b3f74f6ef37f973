"""The pages: one blueprint a file, its forms beside it."""
