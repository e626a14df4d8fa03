"""The messages of the protocol, and how a connection begins."""
