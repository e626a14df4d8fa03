"""Questions over small tables, each with SQL written by hand that says what is right."""
