"""The one way from a request to an answer: authorise, plan, execute, Arrow."""
