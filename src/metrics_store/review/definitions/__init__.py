"""What a project defines, in a form in which only meaning counts."""
