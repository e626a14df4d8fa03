"""The MCP interface: tools for assistants, named and shaped like those of dbt's own MCP server."""
