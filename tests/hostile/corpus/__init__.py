"""What hostile callers send, grouped by where they put it; `{canary}` is a file that holds one.

Every text is a value, a name or a whole filter. What only one interface takes - bodies, documents,
headers, tickets - is in a module of that interface.
"""
