from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "matching"

    def ready(self) -> None:
        from buddying import registry
        from matching import letters
        from matching.models import reason_to_stay

        letters.register_kinds()
        registry.reasons_to_stay.append(reason_to_stay)
