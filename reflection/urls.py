from django.urls import path

from reflection.views import agreement, conversations, fit, goals, looking_back, pack, reflection

app_name = "reflection"
urlpatterns = [
    path("pairings/<int:pk>/agreement/", agreement.agreement, name="agreement"),
    path("pairings/<int:pk>/agreement/versions/<int:number>/", agreement.version, name="version"),
    path("pairings/<int:pk>/agreement/signature/", agreement.signature, name="signature"),
    path("pairings/<int:pk>/reflection/", reflection.joint, name="joint"),
    path("reflections/<int:pk>/", reflection.reflection, name="reflection"),
    path("reflections/<int:pk>/draft/", reflection.draft, name="draft"),
    path("reflections/<int:pk>/sharing/", reflection.sharing, name="sharing"),
    path("fit-checks/<int:pk>/", fit.fit_check, name="fit_check"),
    path("pairings/<int:pk>/not-a-good-fit/", fit.options, name="options"),
    path("pairings/<int:pk>/talk-guide/", fit.talk_guide, name="talk_guide"),
    path("help/leads/<int:pk>/", conversations.new, name="ask_for_help"),
    path("help/conversations/<int:pk>/", conversations.conversation, name="conversation"),
    path("help/conversations/<int:pk>/closure/", conversations.closure, name="close_conversation"),
    path("cohorts/<int:pk>/goals/", goals.goals, name="goals"),
    path("cohorts/<int:pk>/goals/skipping/", goals.skipping, name="skip_goals"),
    path("pairings/<int:pk>/looking-back/", looking_back.looking_back, name="looking_back"),
    path("pairings/<int:pk>/looking-back/thanks/", looking_back.thanks, name="thanks"),
    path("pairings/<int:pk>/looking-back/wish/", looking_back.wish, name="wish"),
    path("pairings/<int:pk>/ending/", looking_back.ending, name="ending"),
    path("cohorts/<int:pk>/statement/", looking_back.statement, name="statement"),
    path("cohorts/<int:pk>/statement.pdf", looking_back.statement_file, name="statement_file"),
    path("cohorts/<int:pk>/pack/", pack.pack, name="pack"),
    path("cohorts/<int:pk>/pack/<slug:slug>/", pack.pack_sheet, name="pack_sheet"),
    path("cohorts/<int:pk>/pack/<slug:slug>.pdf", pack.pack_file, name="pack_file"),
    path("programmes/<int:pk>/pack/", pack.programme_pack, name="programme_pack"),
    path("programmes/<int:pk>/pack/<slug:slug>/", pack.programme_pack_sheet, name="programme_pack_sheet"),
    path("programmes/<int:pk>/pack/<slug:slug>.pdf", pack.programme_pack_file, name="programme_pack_file"),
    path("pairings/<int:pk>/agreement/sheet/", pack.agreement_sheet, name="agreement_sheet"),
    path("pairings/<int:pk>/agreement.pdf", pack.agreement_file, name="agreement_file"),
]
