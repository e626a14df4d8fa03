"""Made-up names of people."""

from __future__ import annotations

FIRST_NAMES = (
    *("Alma", "Bruno", "Carla", "Dario", "Elin", "Fabio", "Greta", "Hanno", "Ines", "Jonas"),
    *("Kira", "Luca", "Mara", "Nils", "Olga", "Pavel", "Quinn", "Rosa", "Sami", "Tilda"),
    *("Umar", "Vera", "Wanda", "Xenia", "Yann", "Zoe"),
)
LAST_NAMES = (
    *("Abendrot", "Birkhain", "Castellon", "Dornfeld", "Eastmere", "Falkenried", "Grenmoor"),
    *("Hollinger", "Iversby", "Jarnwood", "Kestrelle", "Lindqvall", "Morgenau", "Nordhaven"),
    *("Ostrander", "Pellworth", "Quarrington", "Ravensby", "Silberbach", "Tarnowick"),
    *("Underhay", "Valmonte", "Westerlund", "Ypsilanti", "Zandvoor"),
)
# Names that trip a mask, a sort or an encoding.
UNUSUAL_NAMES = (
    "Jörg Müller-Grünwald",
    "Siobhán O'Darragh",
    "Dr. Anna-Lena Groß",
    "Łukasz Żurawek, Jr.",
    "José María Núñez",
    "Ana d'Été",
)


def full_name(number: int) -> str:
    """Give the n-th name; every tenth is an unusual one, and few repeat."""
    if number % 10 == 9:  # noqa: PLR2004
        return UNUSUAL_NAMES[number // 10 % len(UNUSUAL_NAMES)]
    block, place = divmod(number, len(FIRST_NAMES) * len(LAST_NAMES))
    last = LAST_NAMES[(place + place // len(FIRST_NAMES)) % len(LAST_NAMES)]
    initial = f" {chr(ord('A') + (block - 1) % 26)}." if block else ""
    return f"{FIRST_NAMES[place % len(FIRST_NAMES)]}{initial} {last}"
