"""What figures are about, by name."""

FIT, USEFUL, REACH = "fit", "useful", "reach"


def scale(slug: str) -> str:
    return f"scale:{slug}"


def outcome(moment: str, digest: str) -> str:
    return f"{moment}:{digest}"
