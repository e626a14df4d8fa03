"""Commands that change the warehouse: `load`, `build`, `backup`, `restore`."""
