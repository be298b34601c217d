from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "matching"

    def ready(self) -> None:
        from buddying import registry
        from buddying.models import participation
        from matching import letters
        from matching.models import buddies_of, reason_to_stay

        letters.register_kinds()
        participation.more_viewers.append(buddies_of)
        registry.reasons_to_stay.append(reason_to_stay)
