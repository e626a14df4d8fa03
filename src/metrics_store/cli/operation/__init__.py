"""Commands of whoever runs the store: `serve`, `mcp`, `token`, `access`, `alerts`."""
