"""Raw tables that other tools land: what is there of a contract, and what the rest costs."""
