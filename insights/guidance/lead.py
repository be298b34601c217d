"""What people ask who lead a programme."""

from django.utils.translation import gettext_lazy as _

from insights.guidance.entries import Chapter, Entry, Page, Way

SETTING_UP = Chapter(
    "setting-up",
    _("Setting up"),
    (
        Entry(
            "set-up",
            _("How do I set up a cohort?"),
            (
                _(
                    "A programme is the standing offer, a cohort one run of it with dates. Choose a template for the "
                    "programme, change its words where they do not fit, then add a cohort: give its first day, and the "
                    "other dates are proposed."
                ),
            ),
            (
                Way(_("A new programme"), "new-programme"),
                Way(_("A new cohort"), "new-cohort"),
                Way(_("My programmes"), "programmes"),
            ),
            also=_("create, start, begin, template, dates, programme"),
        ),
        Entry(
            "own-words",
            _("Can we put it into our own words?"),
            (
                _(
                    "Nearly everything: what the programme is for, its rules, the guide for sessions with its phases "
                    "and question cards, the questions of the reflection, and the short lessons."
                ),
            ),
            (
                Way(_("The programme’s words"), "edit-programme"),
                Way(_("Sessions and questions"), "edit-guide"),
                Way(_("The lessons"), "led-lessons"),
            ),
            also=_("customise, wording, change, text, language"),
        ),
        Entry(
            "second-lead",
            _("Can somebody lead with me?"),
            (
                _(
                    "Yes. Add them on the page of the programme. A programme always keeps at least one lead. Whoever "
                    "leads logs in with a second factor."
                ),
            ),
            (Way(_("The programme"), "programme"),),
            also=_("colleague, co-lead, holiday, hand over, second factor"),
        ),
        Entry(
            "hand-out",
            _("What can I hand out on paper?"),
            (
                _(
                    "A pack with the buddy’s guide, a blank agreement, a session sheet, question cards and a "
                    "reflection sheet, in your programme’s words. There is nothing of any person in it."
                ),
            ),
            (Way(_("The pack of my cohort"), "led-pack"), Way(_("The pack of the programme"), "programme-pack")),
            also=_("print, PDF, kick-off, paper, cards"),
        ),
    ),
)

PEOPLE = Chapter(
    "bringing-people-in",
    _("Bringing people in"),
    (
        Entry(
            "invite",
            _("How do I invite people?"),
            (
                _(
                    "Paste addresses, share the join link, or import a list. Each person decides for themselves; an "
                    "invitation is good for seven days and can be sent again."
                ),
            ),
            (Way(_("Invitations"), "invitations"),),
            also=_("join link, e-mail, sign up, add"),
        ),
        Entry(
            "import",
            _("Whom may I import?"),
            (
                _(
                    "People whom your organisation wants to offer a place. Say that they have agreed only if they "
                    "have: then they are in at once. Otherwise they are invited and decide for themselves."
                ),
                _(
                    "Give what matching needs and no more: name, address, team, level, place, who manages whom. "
                    "Nothing is changed before you have seen a preview that names each line and column."
                ),
            ),
            (Way(_("Import a list"), "import"),),
            also=_("CSV, Excel, spreadsheet, upload, HR data, consent"),
        ),
        Entry(
            "not-ready",
            _("Some people have not named anybody yet"),
            (
                _(
                    "Remind them from the matching page: one short mail each, once a day at most. Nobody has to name "
                    "anybody; whoever does not is matched by what they wrote and when they are free."
                ),
            ),
            (Way(_("Matching"), "matching"), Way(_("People"), "people")),
            also=_("nominations, late, remind, missing"),
        ),
        Entry(
            "mail-returns",
            _("Mail to somebody comes back"),
            (
                _(
                    "Their line on the list of people says so. Ask them for the right address. Before their first "
                    "log-in you can correct it; afterwards an administrator asks whoever runs this website to "
                    "change it."
                ),
            ),
            (Way(_("People"), "people"),),
            also=_("bounce, wrong address, undelivered"),
        ),
    ),
)

MATCHING = Chapter(
    "matching",
    _("Matching"),
    (
        Entry(
            "draft",
            _("What is a draft?"),
            (
                _(
                    "A complete proposal of who could be paired with whom, made from what people have said so far. "
                    "Only leads see it, and nobody is told. Make as many as you like, compare them, and publish one."
                ),
                _("Each pairing comes with its reasons, and under the rules you chose no better draft exists."),
            ),
            (Way(_("Matching"), "matching"),),
            also=_("match run, proposal, algorithm, pairs, compare"),
        ),
        Entry(
            "by-hand",
            _("I know two people who would suit each other"),
            (
                _(
                    "Open a draft and choose “Change by hand”. Before anything changes you see what it would mean for "
                    "the others, and every change can be undone. “Not possible” is never explained."
                ),
            ),
            (Way(_("Matching"), "matching"),),
            also=_("swap, edit, manual, override, move"),
        ),
        Entry(
            "odd-number",
            _("We are an odd number"),
            (
                _(
                    "You choose: one pairing becomes a trio, a lead joins, or one person waits and comes first next "
                    "time. You find it under the rules of a draft."
                ),
            ),
            (Way(_("Matching"), "matching"),),
            also=_("trio, three, left over, uneven"),
        ),
        Entry(
            "publish",
            _("What happens when I publish?"),
            (
                _(
                    "All pairings start at once, and everybody is told by mail who their buddy is. From then on you no "
                    "longer see who named whom."
                ),
            ),
            (Way(_("Matching"), "matching"), Way(_("Which mails go out"), "cohort-mail")),
            also=_("announce, tell, start, mail"),
        ),
        Entry(
            "late-joiner",
            _("Somebody joins later"),
            (
                _(
                    "They wait on the page of pairings. Pair them with somebody who waits, let them join a pair as a "
                    "trio, or match all who wait."
                ),
            ),
            (Way(_("Pairings"), "pairings"),),
            also=_("late, new, after publishing, waiting"),
        ),
    ),
)

FOLLOWING = Chapter(
    "following",
    _("Following"),
    (
        Entry(
            "see",
            _("What can I see, and what not?"),
            (
                _(
                    "You see rhythm: sessions held, days since the last, whether one is booked, whether the agreement "
                    "is signed. You see nothing that was said, written or answered by one person."
                ),
                _("Whoever you look at can see that you did. Of a pairing that you are in yourself you see nothing."),
            ),
            (Way(_("My cohort"), "led-cohort"), Way(_("Who can see what"), "privacy")),
            also=_("privacy, overview, dashboard, content, notes"),
        ),
        Entry(
            "hidden-figure",
            _("Why is a figure not shown?"),
            (
                _(
                    "Because it could give somebody away. Answers are counted once a month over the whole cohort, when "
                    "at least five more people of two pairs have answered and not all alike. Nobody can switch this "
                    "off."
                ),
            ),
            (Way(_("My cohort"), "led-cohort"),),
            also=_("hidden, suppressed, missing, empty, statistics, five"),
        ),
        Entry(
            "stuck",
            _("Somebody is stuck"),
            (
                _(
                    "The page of your cohort lists pairs that have not signed or have booked nothing for three weeks. "
                    "Send a kind word from there: the words are fixed, you see them first, once a week at most."
                ),
                _("Speak to people rather than watch them. Ask how it goes, not why they have not met."),
            ),
            (Way(_("My cohort"), "led-cohort"),),
            also=_("inactive, do not meet, encourage, remind, nudge, quiet"),
        ),
        Entry(
            "re-match",
            _("Two people need other buddies"),
            (
                _(
                    "End their pairing on the page of pairings. If you know who comes next, choose it there: the one "
                    "ends and the other begins in one step. Otherwise they wait and come first in the next matching."
                ),
                _("People can also ask for another buddy themselves. You then see that they wait, never who asked."),
            ),
            (Way(_("Pairings"), "pairings"),),
            also=_("rematch, change, swap, end, new buddy, break up"),
        ),
        Entry(
            "confidence",
            _("Somebody wrote to me in confidence"),
            (
                _(
                    "Only the two of you can read it. Answer soon, if only to say when you have time. Do not pass it "
                    "on, and do not use it to explain a change to others."
                ),
                _("If it is more than you can carry either, the contacts of your organisation are for you as well."),
            ),
            (Way(_("Conversations and contacts"), "contacts"),),
            also=_("message, help, confidential, complaint"),
        ),
        Entry(
            "lead-joins",
            _("May I take part myself?"),
            (
                _(
                    "Yes. You then see neither your own pairing nor figures off which it could be read; another lead "
                    "finds your buddy."
                ),
            ),
            (Way(_("Invitations"), "invitations"),),
            also=_("join, own buddy, participate"),
        ),
        Entry(
            "practice",
            _("How do we practise before the first session?"),
            (_("Groups of three are proposed from your cohort. Publish them, and each gets its rounds and a clock."),),
            (Way(_("Practice in threes"), "practice"),),
            also=_("training, exercise, workshop, kick-off, three"),
        ),
    ),
)

PAGE = Page(
    "leading",
    _("Leading a programme"),
    _("From the first idea to the last look at how it went."),
    (SETTING_UP, PEOPLE, MATCHING, FOLLOWING),
)
