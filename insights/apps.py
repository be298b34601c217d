from django.apps import AppConfig


class InsightsConfig(AppConfig):
    name = "insights"

    def ready(self) -> None:
        from buddying import navigation
        from insights import rights
        from insights.guidance.anchors import ANCHORS

        rights.register_all()
        navigation.register(10, "Home", "insights:home", lambda person: True)
        navigation.register(30, "Overview", "insights:overview", lambda person: person.is_administrator)
        navigation.register(90, "Help", "insights:help", lambda person: True)
        navigation.help_with(ANCHORS, "insights:help_with")
