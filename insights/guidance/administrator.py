"""What people ask who administer."""

from django.utils.translation import gettext_lazy as _

from insights.guidance.entries import Chapter, Entry, Page, Way

ROLES = Chapter(
    "people-and-roles",
    _("People and roles"),
    (
        Entry(
            "roles",
            _("How do I make somebody a lead?"),
            (
                _(
                    "Give them the role in the configuration. They can then set up programmes. To lead one that "
                    "exists, somebody who leads it adds them on its page; so can you."
                ),
                _("Whoever leads or administers logs in with a second factor; the product asks for it by itself."),
            ),
            (Way(_("Roles"), "roles"), Way(_("Programmes"), "programmes")),
            also=_("grant, permission, rights, administrator, access"),
        ),
        Entry(
            "deactivate",
            _("Somebody leaves the organisation"),
            (
                _(
                    "Close their account in the configuration: choose the person, then “Close these accounts”. Every "
                    "log-in ends with the next click, and nothing more is sent. It can be opened again."
                ),
                _(
                    "If nobody else leads a programme of theirs, you are told before you close. It does not keep you "
                    "from closing at once; add another lead on the programme’s page then."
                ),
            ),
            (Way(_("People"), "all-people"), Way(_("Programmes"), "programmes")),
            also=_("deactivate, close, block, left, offboarding"),
        ),
        Entry(
            "erase",
            _("Somebody asks to be erased"),
            (
                _(
                    "They can do it themselves, under their data. If they cannot log in, open their record in the "
                    "configuration and follow “Erase this account”. Do it only because they asked: it cannot be undone."
                ),
            ),
            (Way(_("People"), "all-people"),),
            also=_("erasure, delete, forget, GDPR, right to be forgotten"),
        ),
        Entry(
            "address",
            _("Somebody has a new address, or has lost their second factor"),
            (
                _(
                    "With an address comes everything that was written under it, so nobody can change it here once its "
                    "owner has logged in. Whoever runs the product can, and asks the person in another way first."
                ),
            ),
            also=_("change e-mail, married, locked out, phone lost, recovery code"),
        ),
        Entry(
            "organisation",
            _("Where do our name and our contacts stand?"),
            (
                _(
                    "On a page of its own, with the logo and the colour: the name, where to ask about this website, "
                    "and where to turn when it is more than coaching. Keep the last one true; people read it on a "
                    "bad day."
                ),
            ),
            (Way(_("The organisation"), "organisation"),),
            also=_("settings, name, help contacts, support"),
        ),
    ),
)

FIGURES = Chapter(
    "figures",
    _("Figures"),
    (
        Entry(
            "dashboards",
            _("What do the dashboards show?"),
            (
                _(
                    "Totals of cohorts: how many people, how far they have come, how many sessions. Month by month, "
                    "and cohorts side by side. Each plot has its table and a file, and there is one page to print."
                ),
            ),
            (
                Way(_("Overview"), "overview"),
                Way(_("Cohorts side by side"), "comparison"),
                Way(_("One page to print"), "report"),
            ),
            also=_("statistics, report, numbers, success, sponsor"),
        ),
        Entry(
            "hidden-total",
            _("Why is a figure hidden?"),
            (
                _(
                    "A number of fewer than five people could say who they are, and so could the difference of two "
                    "larger ones. Such figures wait, and totals leave them out. None to four look the same."
                ),
                _("An auditor looks at all figures of all months together before a month is published."),
            ),
            (Way(_("Overview"), "overview"),),
            also=_("suppressed, missing, fewer than 5, anonymous, five"),
        ),
        Entry(
            "administrator-sees",
            _("What can I not see?"),
            (
                _(
                    "Who meets whom, and anything that people say or write to each other. That is not a setting: the "
                    "database refuses it. When you open somebody’s record, they can see that you did."
                ),
            ),
            (Way(_("Who can see what"), "privacy"),),
            also=_("privacy, content, access, works council"),
        ),
        Entry(
            "mail-health",
            _("Is our mail getting through?"),
            (_("The page on mail says how many wait, were sent and failed, with the kind of error. Not for whom."),),
            (Way(_("How mail is doing"), "operations"),),
            also=_("delivery, bounce, queue, SMTP, failed"),
        ),
    ),
)

KEEPING = Chapter(
    "keeping",
    _("Keeping and erasing"),
    (
        Entry(
            "retention",
            _("How long is it kept?"),
            (
                _(
                    "What people write in a cohort is erased 90 days after its end, unless the programme says "
                    "otherwise (30 to 730 days). They are told two weeks before. How many sessions were held stays "
                    "as a number."
                ),
            ),
            (Way(_("Programmes"), "programmes"),),
            also=_("retention, delete, storage, days, archive"),
        ),
        Entry(
            "backups",
            _("What about backups?"),
            (
                _(
                    "They are kept for as long as whoever runs the product decides. If one is restored, accounts that "
                    "were erased since are erased again by themselves."
                ),
            ),
            also=_("restore, database, copy"),
        ),
    ),
)

PAGE = Page(
    "administering",
    _("Administering"),
    _("People and roles, figures, and what is kept for how long."),
    (ROLES, FIGURES, KEEPING),
)
