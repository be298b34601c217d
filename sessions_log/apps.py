from django.apps import AppConfig


class SessionsLogConfig(AppConfig):
    name = "sessions_log"

    def ready(self) -> None:
        from buddying import registry as people
        from matching import registry as pairings
        from outbox import incoming
        from sessions_log import answers, booking, erasing_sessions, kinds, proposals, rights
        from trust import erasing

        kinds.register_all()
        rights.register_all()
        erasing.register(first=erasing_sessions.cancel_in_their_calendar)
        people.when_closed.append(erasing_sessions.cancel_in_their_calendar)
        pairings.when_left += [booking.give_up_seats, proposals.withdraw_those_of]
        incoming.register(answers.take)
