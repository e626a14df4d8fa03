"""The same questions asked of a running Cube server and of this engine."""
