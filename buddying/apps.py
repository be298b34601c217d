from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BuddyingConfig(AppConfig):
    name = "buddying"
    verbose_name = "Buddying"

    def ready(self) -> None:
        from buddying import (
            checks,  # noqa: F401
            deactivating,
            erasing_people,
            letters,
            navigation,
            retention,
            rights,
            signing_up,
            tasks,
            unsent,
        )
        from buddying.second_factor import seal_anew
        from outbox import dress, reconciling
        from trust import rotating

        letters.register_kinds()
        rights.register_all()
        erasing_people.register_steps()
        rotating.also.append(seal_anew)
        reconciling.register(deactivating.leave_what_goes_on)
        reconciling.register(letters.forget_addresses)
        reconciling.register(retention.see_to_it)
        reconciling.register(signing_up.forget_unproved)
        reconciling.register(tasks.find_downloads)
        reconciling.register(unsent.forget_old)
        dress.register(letters.dress)
        navigation.register(20, _("Programmes"), "buddying:programmes", shown_to=sets_up)


def sets_up(person: Any) -> bool:
    return person.can_create_programmes or person.leads_any_programme
