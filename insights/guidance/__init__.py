"""The help pages: questions in a colleague's words, with short answers and a way into the product. A module a role."""
