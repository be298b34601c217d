from django import forms


class SignUpDetails(forms.Form):
    name = forms.CharField()

    def signup(self, request, user): ...
