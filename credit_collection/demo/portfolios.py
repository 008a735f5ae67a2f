"""Who follows whom in the demo company: two portfolios, and a collector who goes on leave."""

from odoo import Command

# Days from today of Karim's leave.
LEAVE = (4, 15)


def create_portfolios(ledger, users):
    """Portfolios that explain who follows whom, and the leave of the second collector, whom the first replaces."""
    sophie, karim = users["collector1"], users["collector2"]
    for sequence, name, domain, shares in (
        (10, "Particuliers", "[('customer_kind', '=', 'consumer')]", ((karim, 2), (sophie, 1))),
        (20, "Entreprises et organismes", "[('chase', '!=', 'off')]", ((sophie, 2), (karim, 1))),
    ):
        ledger.env["collection.portfolio"].create(
            {
                "name": name,
                "sequence": sequence,
                "company_id": ledger.company.id,
                "domain": domain,
                "member_ids": [Command.create({"user_id": user.id, "share": share}) for user, share in shares],
            }
        )
    _apply(ledger)
    ledger.env["collection.absence"].create(
        {
            "user_id": karim.id,
            "replacement_id": sophie.id,
            "date_from": ledger.day(LEAVE[0]),
            "date_to": ledger.day(LEAVE[1]),
            "reason": "Congés",
        }
    )


def _apply(ledger):
    """Each stays with who has followed it so far: the portfolios would have given it to nobody else."""
    debtors = ledger.env["collection.debtor"].search([("company_id", "=", ledger.company.id), ("chase", "!=", "off")])
    debtors.action_give_back_to_portfolios()
    portfolios = ledger.env["collection.portfolio"]
    portfolios._apply_changes(portfolios._find_changes(ledger.company))
