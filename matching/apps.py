from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "matching"

    def ready(self) -> None:
        from buddying import registry
        from buddying.models import participation
        from matching import ending, kinds, reminding, waiting
        from matching.models import buddies_of
        from outbox import reconciling

        kinds.register_all()
        participation.more_viewers.append(buddies_of)
        registry.what_leaving_means.append(ending.what_leaving_means)
        registry.when_joined.append(waiting.begin_when_late)
        registry.when_left.append(ending.let_go)
        reconciling.register(waiting.put_back_what_is_missing)
        reconciling.register(reminding.remind_before_closing)
