"""From the names of a request to those of the definitions, or an error that says what is wrong."""
