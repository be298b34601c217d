"""What the people of the demo wrote, for themselves and to each other."""

GOALS = [
    ("To lead without doing everything myself.", ["I hand over one task a week", "I say no without a long story"]),
    ("To be heard when it matters.", ["I speak in the first ten minutes of a meeting", "I ask for what I need"]),
    ("More calm in full weeks.", ["Friday mornings are mine", "I stop when I said I would", "I sleep on big answers"]),
]
PRIVATE = [
    "I noticed how much easier it is to think aloud.",
    "The question about whom I want to please stays with me.",
    "I went home lighter than I came.",
]
SHARED = [
    "We began with last time and stayed with one question.",
    "Walking helped. We said less, and it went further.",
    "Next time we begin with whoever is more tired.",
]
REFLECTED = {
    "works": "We both keep our dates. The questions are better than any advice I got.",
    "does-not-work": "We often run over in the first half. The second one is then too short.",
    "change": "A clock for each turn. Perhaps a walk every other time.",
}
ALSO_REFLECTED = {
    "works": "I trust that it stays between us. Your silence helps me think.",
    "does-not-work": "I still give advice when I am in a hurry.",
    "change": "Two equal halves.",
}
CHANGED_RHYTHM = "We meet every two weeks: one time in Room 4, one time on a walk. A clock gives each of us half of it."
STRENGTHS = [
    "I can wait until the other has finished.",
    "I remember the words that were used.",
    "I ask one thing at a time.",
]
GROWTH = ["Fewer questions that begin with “why”.", "To leave advice out, even good advice.", "To end on time."]
OBSERVED = "Long silence after the second question; then the answer came. Two questions at once near the end."
ASKED = "My buddy and I have not found a time for three weeks, and I do not want to be the one who pushes. Any idea?"
ANSWERED = (
    "Thank you for writing. Propose three short times by the page, and say that half an hour is enough. Shall we talk?"
)
THANKS = "You asked me in October what I would do if nobody were watching. I did it. Thank you."
CONTACTS = "Ines Roth, confidential adviser, outside the line: ines.roth@demo.example"
