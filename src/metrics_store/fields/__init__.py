"""Custom fields: from a list in the project's vars to dimensions and metrics."""
