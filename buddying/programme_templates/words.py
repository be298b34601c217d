"""Words that several templates share."""

RULES = """\
What is said stays between the two of you.
You meet as equals: each coaches, each is coached.
You decide what to talk about. Nobody reports on it, and nobody asks.
Either of you can stop without giving a reason.
When it is more than coaching, you turn to the contacts that the organisation names."""

ROLES = """\
You bring your own questions, keep your dates, and coach your buddy as well as you can.
Your buddy does the same for you.
The leads invite, pair and answer questions. They see whether pairs meet, and nothing of what is said.
Managers give the time, and ask no questions about it."""

COMMUNITY = """\
Colleagues from all over the organisation who would like to learn together with somebody as equals.
You do not need any experience with coaching."""
