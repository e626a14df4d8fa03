"""What changed from one set of definitions to another, and whom it concerns."""
