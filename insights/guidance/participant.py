"""What people ask who take part."""

from django.utils.translation import gettext_lazy as _

from insights.guidance.entries import Chapter, Entry, Page, Way
from insights.guidance.visitor import GETTING_IN

FINDING = Chapter(
    "finding-a-buddy",
    _("Finding a buddy"),
    (
        Entry(
            "profile",
            _("What do I write about myself?"),
            (
                _(
                    "What you work on and what great support looks like for you, in a sentence or two each. "
                    "Honest and short is best; you can change it at any time."
                ),
                _("Then your usual free hours. Nobody sees them: your buddy only gets the times that suit you both."),
            ),
            (Way(_("My profile"), "profile"), Way(_("My weekly hours"), "hours")),
            also=_("goal, availability, topics"),
        ),
        Entry(
            "name-buddies",
            _("How do I say whom I would like as a buddy?"),
            (
                _(
                    "Choose one to three people, in your order. Open somebody’s line to read more, to add them to "
                    "those with whom you would also be happy, or to say that you would rather not be paired with them."
                ),
                _(
                    "The people you name are never told. Leads see your wishes until the pairs are published; "
                    "a “please not” they do not see at all, and no reason is asked."
                ),
            ),
            (Way(_("Whom I named"), "nominations"),),
            also=_("nominate, nomination, choose, wish, refuse, not with"),
        ),
        Entry(
            "when-paired",
            _("When do I learn who my buddy is?"),
            (
                _("On the day that your cohort’s dates name. You get a mail, and your home page says it as well."),
                _("Not everybody can get their first wish. Everybody gets a buddy who fits, or a place in a trio."),
            ),
            (Way(_("The dates of my cohort"), "about-cohort"),),
            also=_("match, published, pair"),
        ),
        Entry(
            "agreement",
            _("What is the agreement for?"),
            (
                _(
                    "A few words on how the two of you want to do this: how often, where, what stays between you. "
                    "Change what does not fit, then each of you signs. After that you can book."
                ),
                _("You can change it later as well. The old words hold until all of you have signed the new ones."),
            ),
            (Way(_("Our agreement"), "agreement"),),
            also=_("contract, sign, rules, confidentiality"),
        ),
    ),
)

MEETING = Chapter(
    "meeting",
    _("Meeting"),
    (
        Entry(
            "book",
            _("How do I book?"),
            (
                _(
                    "Choose one of the times that suit you both and press “Book this time”. You both get an invitation "
                    "for your calendar and a reminder."
                ),
                _("You can also book a whole rhythm at once, such as every second Tuesday, or propose several times."),
            ),
            (
                Way(_("Book a session"), "book"),
                Way(_("Book a rhythm"), "series"),
                Way(_("Propose times"), "propose"),
            ),
            also=_("schedule, appointment, meeting, time"),
        ),
        Entry(
            "no-time",
            _("We find no time that suits us both"),
            (
                _(
                    "Look at your hours first: perhaps they are narrower than your week. You can add single hours on "
                    "certain days, or choose a shorter session."
                ),
                _("You may also book any time you have agreed on elsewhere, under “Another day or time”."),
            ),
            (Way(_("My dates and busy times"), "dates"), Way(_("My weekly hours"), "hours")),
            also=_("availability, busy, free, calendar"),
        ),
        Entry(
            "move",
            _("How do I move or cancel a session?"),
            (
                _(
                    "Open the session and choose “Move or change it” or “Cancel it”. Your buddy is told, and both "
                    "calendars are put right."
                ),
            ),
            (Way(_("My next session"), "next-session"), Way(_("My buddy and our sessions"), "pairing")),
            also=_("reschedule, postpone, ill, cancel"),
        ),
        Entry(
            "calendar",
            _("How do sessions get into my calendar?"),
            (
                _("Each booking comes by mail as an invitation that your calendar understands. There is a feed, too."),
                _(
                    "The other way round works as well: if you give us the address of your calendar, we read when you "
                    "are busy and nothing else, so that no session is offered then."
                ),
            ),
            (Way(_("Sessions in my calendar"), "my-calendar"), Way(_("My dates and busy times"), "dates")),
            also=_("Outlook, Google, Apple, feed, ics"),
        ),
        Entry(
            "session",
            _("What do we do in a session?"),
            (
                _(
                    "Two turns of the same length. In one you are coached and your buddy listens and asks; then you "
                    "swap. The page of the session has a clock, a guide and questions for both of you."
                ),
                _("If you would rather walk, print the session sheet and leave your phone in your pocket."),
            ),
            (Way(_("My next session"), "next-session"), Way(_("Short lessons"), "lessons"), Way(_("To print"), "pack")),
            also=_("guide, phases, turns, questions, coach, first session"),
        ),
        Entry(
            "log",
            _("What do I write down afterwards?"),
            (
                _(
                    "That you met, and if you like a note for yourself, a note for you both, and what you will do "
                    "before next time. It takes a minute."
                ),
                _(
                    "Your own note is for you alone. What you share, and what you will do, your buddy sees. Leads see "
                    "neither."
                ),
            ),
            (Way(_("My sessions"), "pairing"),),
            also=_("notes, log, commitments, record, minutes"),
        ),
        Entry(
            "not-held",
            _("Our session did not take place"),
            (_("That happens. Open the session, say that it did not take place, and book another time."),),
            (Way(_("My sessions"), "pairing"),),
            also=_("missed, forgot, no-show"),
        ),
        Entry(
            "print",
            _("Is there something to print?"),
            (
                _(
                    "The buddy’s guide, your agreement, a session sheet, question cards to cut out and a reflection "
                    "sheet: each by itself or all together, on A4 or Letter."
                ),
            ),
            (Way(_("To print"), "pack"),),
            also=_("paper, PDF, cards, hand-out, pack"),
        ),
    ),
)

STUCK = Chapter(
    "not-going-well",
    _("When it is not going well"),
    (
        Entry(
            "no-answer",
            _("My buddy does not answer"),
            (
                _(
                    "Propose two or three times: they get a mail and can take one with a click. People are often "
                    "simply busy, and a short message outside this website does no harm."
                ),
                _(
                    "If a week or two go by, write to a lead in confidence, or ask for another buddy. Neither needs a "
                    "reason, and nobody is blamed."
                ),
            ),
            (
                Way(_("Propose times"), "propose"),
                Way(_("A word in confidence"), "confidence"),
                Way(_("Ask for another buddy"), "another-buddy"),
            ),
            also=_("silent, ignores me, never replies, disappeared"),
        ),
        Entry(
            "not-a-fit",
            _("It does not feel right between us"),
            (
                _(
                    "Often one small change is enough: another time of day, fewer tips, a clock. There is a short "
                    "guide with words to begin with."
                ),
                _("If you feel hurt, pressed or unsafe, you need not talk it over first."),
            ),
            (
                Way(_("What I can do"), "options"),
                Way(_("Words to begin with"), "talk-guide"),
                Way(_("A word in confidence"), "confidence"),
            ),
            also=_("conflict, fit, uncomfortable, does not work, trouble"),
        ),
        Entry(
            "another-buddy",
            _("I would like another buddy"),
            (
                _(
                    "Ask for one. Your pairing ends, everybody in it is told the same, and nobody learns who asked, "
                    "the leads neither. You come first when a buddy is found."
                ),
            ),
            (Way(_("Ask for another buddy"), "another-buddy"),),
            also=_("change, swap, switch, re-match"),
        ),
        Entry(
            "pause",
            _("I have no time for a while, or I would like to stop"),
            (
                _(
                    "Take a pause until a day you choose: you keep your place, and it ends by itself. Or leave the "
                    "cohort, at any time and without a reason."
                ),
            ),
            (Way(_("Pause or leave"), "taking-part"),),
            also=_("holiday, leave, ill, busy, quit, stop"),
        ),
        Entry(
            "more-than-coaching",
            _("This is more than we can carry"),
            (
                _(
                    "You need not recognise what it is. It is enough if it feels too big for the two of you. "
                    "On the page “Get help” stands whom you can turn to, and whom you can write to in confidence."
                ),
            ),
            (Way(_("Where to turn"), "contacts"), Way(_("How to say it"), "boundaries")),
            also=_("crisis, bullying, harassment, health, worried, danger"),
        ),
    ),
)

LATER = Chapter(
    "later",
    _("Reflecting, and the end"),
    (
        Entry(
            "reflect",
            _("What is the reflection?"),
            (
                _(
                    "After three or four sessions each of you answers a few questions alone. Then you choose, sentence "
                    "by sentence, what to share. What is shared opens for all of you at the same time."
                ),
            ),
            (Way(_("My buddy and our sessions"), "pairing"),),
            also=_("review, what works, feedback"),
        ),
        Entry(
            "end",
            _("What happens at the end?"),
            (
                _(
                    "In the last two weeks you look back, say thank you, and say whether you would like to go on. If "
                    "all of you wish it, you go on privately; if not, nobody learns who did not."
                ),
                _("You can download a statement that you took part. It says how often you met, and nothing else."),
            ),
            (Way(_("My buddy and our sessions"), "pairing"), Way(_("Statement of participation"), "statement")),
            also=_("finish, certificate, continue, goodbye"),
        ),
    ),
)

SEEING = Chapter(
    "who-sees-what",
    _("Who sees what"),
    (
        Entry(
            "lead-sees",
            _("What does my lead see?"),
            (
                _(
                    "How often you have met, how many days ago, whether a session is booked, and whether your "
                    "agreement is signed. Not when or where, and never what was said or written."
                ),
                _("Answers on a scale are shown only as counts of five people or more, over the whole cohort."),
            ),
            (Way(_("Who can see what"), "privacy"), Way(_("Who looked at my data"), "looks")),
            also=_("privacy, watched, secret, confidential, boss"),
        ),
        Entry(
            "manager-sees",
            _("Does my manager see anything?"),
            (_("No. Managers have no role here. Being somebody’s manager only means not being paired with them."),),
            (Way(_("Who can see what"), "privacy"),),
            also=_("boss, line manager, HR"),
        ),
        Entry(
            "my-data",
            _("Can I take my data with me, or have it erased?"),
            (
                _("Yes. Download everything about you as one file, or erase your account at once."),
                _("What you wrote in a cohort is erased by itself some time after its end. You are told beforehand."),
            ),
            (Way(_("My data"), "my-data"),),
            also=_("GDPR, delete, export, download, forget"),
        ),
        Entry(
            "mail",
            _("I get too much mail, or too little"),
            (_("Choose what comes at once, once a day or never, set quiet hours, or pause all of it."),),
            (Way(_("What I am sent"), "messages"),),
            also=_("notification, unsubscribe, reminder, spam, e-mail"),
        ),
    ),
)

PAGE = Page(
    "taking-part",
    _("Taking part"),
    _("From finding a buddy to the last session."),
    (FINDING, MEETING, STUCK, LATER, SEEING, GETTING_IN),
)
