"""Reads the parts of Ossie documents that others wrote, which say less than definitions do."""
