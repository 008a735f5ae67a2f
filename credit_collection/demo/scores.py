"""Scores of the demo's customers, worked out as every night; of one of them a person knows better."""


def create_scores(ledger, users):
    """Score everybody; the manager sets the class of a seasonal customer until the end of the season."""
    ledger.env["collection.debtor"]._score_company(ledger.company)
    ledger.debtor("genets").with_user(users["manager"])._override_score(
        "B", ledger.day(90), "Saisonnier : tout est réglé en bloc à la fin de l'été, depuis six ans."
    )
