from django.apps import AppConfig


class SessionsLogConfig(AppConfig):
    name = "sessions_log"

    def ready(self) -> None:
        from matching import registry as pairings
        from outbox import incoming
        from sessions_log import answers, booking, kinds, proposals

        kinds.register_all()
        pairings.when_left += [booking.give_up_seats, proposals.withdraw_those_of]
        incoming.register(answers.take)
