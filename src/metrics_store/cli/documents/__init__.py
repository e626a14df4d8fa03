"""Commands that write documents: `catalogue`, `docs`, `exports`, `group-bys`."""
