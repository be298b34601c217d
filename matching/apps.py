from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "matching"

    def ready(self) -> None:
        from buddying import registry
        from buddying.models import participation
        from matching import ending, keeping, kinds, redacting, reminding, rights, waiting
        from matching.models import buddies_of
        from outbox import reconciling
        from trust import erasing

        kinds.register_all()
        rights.register_all()
        keeping.register_scopes()
        erasing.register(first=ending.let_go_everywhere, last=redacting.forget_person)
        participation.more_viewers.append(buddies_of)
        registry.what_leaving_means.append(ending.what_leaving_means)
        registry.when_joined.append(waiting.begin_when_late)
        registry.when_left.append(ending.let_go)
        registry.when_closed.append(ending.let_go_of_what_goes_on_privately)
        reconciling.register(waiting.put_back_what_is_missing)
        reconciling.register(reminding.remind_before_closing)
