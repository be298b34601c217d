from django.apps import AppConfig


class SessionsLogConfig(AppConfig):
    name = "sessions_log"

    def ready(self) -> None:
        from matching import registry as pairings
        from sessions_log import booking, letters, proposals

        letters.register_kinds()
        pairings.when_left += [booking.give_up_seats, proposals.withdraw_those_of]
