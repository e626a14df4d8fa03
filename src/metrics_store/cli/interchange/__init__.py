"""Commands that exchange definitions with other tools: `export`."""
