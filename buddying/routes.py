from django.urls import URLPattern

app_name = "buddying"
urlpatterns: list[URLPattern] = []
