"""The funnel's steps: their numbers, names, and the words that metric names are made of."""

from __future__ import annotations

STAGE_STEPS = {
    "lead generation": ("Lead Generation", "1"),
    "qualified lead": ("Qualified Lead", "2"),
    "needs assessment": ("Needs Assessment", "3"),
    "proposal/quote preparation": ("Proposal/Quote Preparation", "4"),
    "negotiation": ("Negotiation", "5"),
    "closing": ("Closing", "6"),
    "implementation/onboarding": ("Implementation/Onboarding", "7"),
    "follow-up/customer success": ("Follow-up/Customer Success", "8"),
    "renewal/expansion": ("Renewal/Expansion", "9"),
}
CALL_STEPS = {"meeting": ("Sales Call 1", "2.1"), "sc_2": ("Sales Call 2", "3.1")}
LOST = "Lost"

# Funnel step -> the word it has in metric names.
WORDS = {
    "1": "lead_generation",
    "2": "qualified_lead",
    "2.1": "sales_call_1",
    "3": "needs_assessment",
    "3.1": "sales_call_2",
    "4": "proposal_quote_preparation",
    "5": "negotiation",
    "6": "closing",
    "7": "implementation_onboarding",
    "8": "follow_up_customer_success",
    "9": "renewal_expansion",
}
STAGE_PAIRS = [(str(number), str(number + 1)) for number in range(1, 9)]
RATE_PAIRS = [*STAGE_PAIRS, ("2", "2.1"), ("3", "3.1")]
