"""The application-scenario release hall (应用场景发布厅)."""

__version__ = "0.13.0"
