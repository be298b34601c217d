"""How to get in. Visitors see nothing but this; it stands on the participants' page as well."""

from django.utils.translation import gettext_lazy as _

from insights.guidance.entries import Chapter, Entry, Way

GETTING_IN = Chapter(
    "getting-in",
    _("Getting in"),
    (
        Entry(
            "get-in",
            _("How do I get in?"),
            (
                _("Open the invitation that you were mailed, or the join link that a lead of the programme gave you."),
                _(
                    "You give your name, and we mail a code to your address. Type it in, and you are there. "
                    "There is no password to think of."
                ),
            ),
            also=_("sign up, register, join, account, invitation"),
        ),
        Entry(
            "log-in",
            _("I cannot log in"),
            (
                _(
                    "Use the address at which you were invited. The code comes within a minute and is good for ten; "
                    "if there is none, look in the folder for unwanted mail, then ask for another."
                ),
                _("If you log in with a passkey and the device is not at hand, take the code by mail instead."),
                _("If nothing helps, write to the people who run this website. “Get help” says how."),
            ),
            (Way(_("Log in with a code by mail"), "log-in"),),
            also=_("password, code, passkey, locked out, no mail"),
        ),
        Entry(
            "invitation-lost",
            _("I cannot find my invitation, or it has run out"),
            (
                _("Ask a lead of the programme to send it again; that is two clicks for them. An older one then ends."),
                _("If you have logged in here before, you need no invitation: just log in."),
            ),
            (Way(_("Log in"), "log-in"),),
            also=_("expired, link does not work"),
        ),
    ),
)
