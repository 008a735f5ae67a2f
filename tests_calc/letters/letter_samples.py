"""Letters to print in the tests."""

from pathlib import Path

from letter.content import Group, Item, Letter, Sender, Table, Total

MM = 72 / 25.4
ROOT = Path(__file__).resolve().parents[2]
ODOO_FONTS = ROOT / ".local/odoo/usr/lib/python3/dist-packages/odoo/addons/web/static/fonts"
ADDRESS = ("MENUISERIE DES ALPES", "SERVICE COMPTABILITÉ", "48 AVENUE DES FRÈRES LUMIÈRE", "38000 GRENOBLE")
BODY = "<p>Madame, Monsieur,</p><p>Nous vous <b>mettons en demeure</b> de payer.</p>[[items]]<p>Fin.</p>"


def an_item(number, currency="€", **values):
    values = {
        "date": "01/08/2025",
        "due_date": "31/08/2025",
        "days_late": "92",
        "original": f"1\u202f200,00\u00a0{currency}",
        "paid": f"200,00\u00a0{currency}",
        "due": f"1\u202f000,00\u00a0{currency}",
        **values,
    }
    return Item(number, **values)


def a_table(*items, **values):
    return Table((Group(items, Total("Total", due="12\u202f000,00\u00a0€")),), **values)


def a_letter(**values):
    values = {
        "sender": Sender("Atelier Dupont", ("12 rue de la République", "69002 LYON"), "SAS au capital de 50 000 €"),
        "address": ADDRESS,
        "place_and_date": "Lyon, le 1er décembre 2025",
        "reference": "R0000012",
        "subject": "Factures échues",
        "body": BODY,
        "tables": (a_table(an_item("FAC/2025/00001")),),
        **values,
    }
    return Letter(**values)


def text_of(page):
    """What a page says, with ordinary spaces."""
    return page.extract_text().replace("\u00a0", " ").replace("\u202f", " ")


def lines_of(page):
    return text_of(page).splitlines()
