from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InsightsConfig(AppConfig):
    name = "insights"

    def ready(self) -> None:
        from buddying import navigation
        from insights import rights
        from insights.guidance.anchors import ANCHORS

        rights.register_all()
        navigation.register(10, _("Home"), "insights:home", lambda person: True)
        navigation.register(30, _("Overview"), "insights:overview", lambda person: person.is_administrator)
        navigation.register(90, _("Help"), "insights:help", lambda person: True)
        navigation.help_with(ANCHORS, "insights:help_with")
