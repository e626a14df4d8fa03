"""What the server reports about itself: logs, counters, readiness."""
