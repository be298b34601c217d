from django.urls import path

from equipping.views import groups, lessons, practice

app_name = "equipping"
urlpatterns = [
    path("programmes/<int:pk>/lessons/", lessons.lessons, name="lessons"),
    path("programmes/<int:pk>/lessons/<slug:slug>/", lessons.lesson, name="lesson"),
    path("programmes/<int:pk>/lessons/<slug:slug>/reading/", lessons.reading, name="reading"),
    path("programmes/<int:pk>/lessons/<slug:slug>/words/", lessons.words, name="words"),
    path("programmes/<int:pk>/lessons/<slug:slug>/original/", lessons.original, name="original"),
    path("cohorts/<int:pk>/practice/", practice.practices, name="practices"),
    path("practices/<int:pk>/publication/", practice.publication, name="publication"),
    path("practices/<int:pk>/withdrawal/", practice.withdrawal, name="withdrawal"),
    path("practices/<int:pk>/calling-off/", practice.call_off, name="calling_off"),
    path("practice-groups/<int:pk>/", groups.group, name="group"),
    path("practice-groups/<int:pk>/end/", groups.finish, name="finish"),
    path("practice-groups/<int:pk>/note/", groups.note, name="note"),
    path("practice-groups/<int:pk>/rounds/<int:number>/", groups.beginning, name="beginning"),
    path("practice-groups/<int:pk>/rounds/<int:number>/taking-back/", groups.taking_back, name="taking_back"),
    path("practice-groups/<int:pk>/rounds/<int:number>/sheet/", groups.sheet, name="sheet"),
]
