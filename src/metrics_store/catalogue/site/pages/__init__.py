"""The pages of the site: what each says, before it is rendered."""
