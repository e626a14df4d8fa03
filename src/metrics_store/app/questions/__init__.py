"""What pages ask: questions, their days and their filters."""
