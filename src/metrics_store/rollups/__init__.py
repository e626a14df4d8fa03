"""What people see of roll-ups: which are used, which would pay, and tables of theirs."""
