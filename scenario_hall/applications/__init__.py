"""Applications of suppliers to scenarios."""
