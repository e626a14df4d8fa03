"""The parts of the Sales Pipeline Pulse."""
