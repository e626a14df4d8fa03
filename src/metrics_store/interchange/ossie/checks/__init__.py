"""Checks an Ossie document, anybody's: form, names, references, SQL, extensions."""
