from django.apps import AppConfig


class SessionsLogConfig(AppConfig):
    name = "sessions_log"

    def ready(self) -> None:
        from matching import registry as pairings
        from outbox import incoming
        from sessions_log import answers, booking, kinds

        kinds.register_all()
        pairings.when_left.append(booking.give_up_seats)
        incoming.register(answers.take)
