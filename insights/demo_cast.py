"""Who takes part in the demo, and what they say of themselves."""

HOST = "demo.example"


def address(name: str) -> str:
    return f"{name.split()[0].lower()}@{HOST}"


# Name, team, department, level, what I work on, what great support looks like, hours a month
AUTUMN = [
    ("Ada Okafor", "Engines", "Engineering", 3, "Leading my first project", "Ask me hard questions.", 4),
    ("Ben Larsen", "Sales North", "Sales", 3, "Saying no kindly", "Let me think aloud.", 4),
    ("Cleo Martin", "Care", "Service", 3, "Handing over work", "Tell me what you notice.", 3),
    ("Farid Haddad", "Finance", "Finance", 2, "Speaking to the board", "Be patient, then be direct.", 4),
    ("Gwen Pryce", "People", "People", 3, "A move into management", "Help me see my options.", 6),
    ("Hana Sato", "Engines", "Engineering", 3, "Finding a mentor abroad", "Walks, not meetings.", 4),
    ("Ivo Novak", "Sales South", "Sales", 2, "A team that has doubled", "Remind me of what I said.", 3),
    ("Joy Mensah", "Research", "Engineering", 3, "Writing that people read", "Read it, and be honest.", 5),
    ("Kai Brandt", "Legal", "Finance", 3, "Coming back from leave", "Keep it light at first.", 3),
    ("Lena Rossi", "Care", "Service", 2, "Conflict in my team", "Listen to the end.", 4),
    ("Milo Dupont", "Research", "Engineering", 3, "Whether to specialise", "Push me to decide.", 4),
    ("Nia Evans", "People", "People", 3, "Presenting in English", "Practise with me.", 4),
    ("Otto Lind", "Finance", "Finance", 3, "Time for deep work", "Hold me to it.", 4),
]
MANAGERS = {"Ada": "Ivo", "Ben": "Ivo", "Cleo": "Lena", "Kai": "Farid", "Otto": "Farid"}
WISHES = {
    "Ada": ["Gwen", "Ben", "Joy"],
    "Ben": ["Nia", "Ada"],
    "Cleo": ["Hana", "Milo"],
    "Farid": ["Lena", "Ivo"],
    "Gwen": ["Ada", "Nia", "Kai"],
    "Hana": ["Cleo"],
    "Ivo": ["Farid", "Lena"],
    "Joy": ["Milo", "Ada"],
    "Lena": ["Farid", "Gwen"],
    "Milo": ["Joy", "Otto"],
    "Nia": ["Ben", "Gwen"],
    "Otto": ["Kai", "Milo"],
}
SUMMER = [
    ("Ravi Menon", "Legal", "Finance", 3, "Asking for help in time", "Ask twice.", 4),
    ("Sofia Costa", "Design", "Engineering", 3, "Showing unfinished work", "Be kind, be clear.", 4),
    ("Tom Becker", "Sales South", "Sales", 3, "Fewer meetings", "Hold me to it.", 4),
    ("Yara Said", "Care", "Service", 3, "A first team of my own", "Let me rehearse.", 4),
]
WINTER = [
    ("Pia Holm", "Design", "Engineering", 3, "Feedback that lands", "Say what you see.", 4),
    ("Quinn Doyle", "Sales North", "Sales", 3, "A difficult client", "Rehearse with me.", 4),
    ("Rosa Silva", "Care", "Service", 3, "Leading without a title", "Ask, do not tell.", 3),
    ("Sami Virtanen", "Engines", "Engineering", 2, "Delegating", "Catch me when I grab it back.", 4),
    ("Tess Walker", "Research", "Engineering", 3, "A talk in spring", "Be my audience.", 5),
    ("Uma Rao", "Finance", "Finance", 3, "New to the firm", "Show me how things work.", 4),
    ("Viktor Weiss", "People", "People", 2, "Staying calm", "Silence is fine.", 3),
]
WINTER_WISHES = {"Pia": ["Rosa", "Tess"], "Quinn": ["Uma"], "Rosa": ["Pia", "Viktor"], "Sami": ["Tess"]}

# What they would like to get better at, and what they can help with; whoever is missing has ticked nothing.
TICKED = {
    "Ada": (["Leading a team", "Delegating", "Saying no"], ["Writing clearly", "Presenting"]),
    "Ben": (["Saying no", "Time and priorities"], ["Difficult conversations", "Presenting", "Listening and asking"]),
    "Cleo": (["Delegating", "Time and priorities"], ["Listening and asking", "Difficult conversations"]),
    "Farid": (["Presenting", "Leading a team"], ["Time and priorities", "Giving feedback", "Career choices"]),
    "Gwen": (["Leading a team", "Giving feedback"], ["Career choices", "Starting in a new role", "Saying no"]),
    "Hana": (["Career choices", "Working across teams"], ["Delegating"]),
    "Ivo": (["Leading a team", "Giving feedback"], ["Saying no", "Starting in a new role"]),
    "Joy": (["Writing clearly", "Presenting"], ["Career choices", "Working across teams"]),
    "Lena": (["Difficult conversations", "Listening and asking"], ["Leading a team", "Giving feedback"]),
    "Milo": (["Career choices"], ["Writing clearly", "Time and priorities"]),
    "Nia": (["Presenting", "Difficult conversations"], ["Saying no", "Giving feedback"]),
    "Otto": (["Time and priorities", "Saying no"], ["Writing clearly"]),
    "Pia": (["Giving feedback", "Difficult conversations"], ["Presenting", "Working across teams"]),
    "Quinn": (["Difficult conversations"], ["Saying no", "Presenting"]),
    "Rosa": (["Leading a team"], ["Listening and asking", "Giving feedback"]),
    "Sami": (["Delegating", "Giving feedback"], ["Starting in a new role"]),
    "Tess": (["Presenting", "Time and priorities"], ["Writing clearly", "Career choices"]),
    "Uma": (["Starting in a new role", "Working across teams"], ["Time and priorities"]),
}

COMMITMENTS = [
    "Ask two colleagues what they would miss",
    "Block Friday morning",
    "Write the first page",
    "Hand over the weekly report",
    "Say no once, kindly",
    "Speak first in the Monday meeting",
    "Ask Mira how she does it",
    "Leave the phone in the drawer until ten",
    "Draw it on one sheet of paper",
    "Thank whoever covered for me",
    "Decide by Thursday",
]
