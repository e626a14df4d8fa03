"""What must be alike of any metric, however it is asked; no value is said here."""
