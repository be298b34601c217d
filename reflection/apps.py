from django.apps import AppConfig


class ReflectionConfig(AppConfig):
    name = "reflection"

    def ready(self) -> None:
        from buddying import registry as programmes
        from matching import registry as pairings
        from reflection import agreeing, erasing_words, fitting, keeping, kinds, questions, reflecting, rights
        from sessions_log import registry as sessions
        from trust import erasing

        programmes.questions.extend(questions.QUESTIONS)
        pairings.when_opened.append(agreeing.draft_for_all)
        pairings.when_joined.append(agreeing.renew_for)
        sessions.booking_conditions.append(agreeing.reason_not_to_book)
        sessions.when_held.append(fitting.ask_when_due)
        sessions.when_held.append(reflecting.prompt_when_due)
        kinds.register_all()
        rights.register_all()
        keeping.register_clearing()
        erasing.register(first=erasing_words.take_the_name_out, last=erasing_words.end_conversations)
        erasing.register(last=erasing_words.take_back_questions)
        erasing.register(last=erasing_words.leave_no_text_behind)
