"""What a letter holds. Amounts and dates are already words in the reader's language."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace

from .markup import plain_text


@dataclass(frozen=True, slots=True)
class Labels:
    """Every fixed word of a letter, so that the caller translates them."""

    colon: str = ": "  # French puts a space before it
    subject: str = "Subject"
    tracking_number: str = "Tracking number"
    page: str = "Page"
    number: str = "Invoice"
    debtor: str = "Customer"
    date: str = "Date"
    due_date: str = "Due date"
    days_late: str = "Days late"
    original: str = "Amount"
    paid: str = "Paid"
    held: str = "Not claimed now"
    due: str = "Due"
    payment: str = "How to pay"
    deadline: str = "To be paid by"  # followed by the day
    total: str = "To be paid"  # where there is no such day
    also: str = "and"  # between amounts in several currencies
    holder: str = "Account holder"
    iban: str = "IBAN"
    bic: str = "BIC"
    bank: str = "Bank"
    payment_reference: str = "Reference to quote"
    link: str = "Pay online"
    qr: str = "Scan to pay"  # with the bank's application
    link_qr: str = "Scan to pay online"
    enclosures: str = "Enclosures"


@dataclass(frozen=True, slots=True)
class Sender:
    """The company that writes."""

    name: str
    lines: tuple[str, ...] = ()  # address, then telephone, e-mail and website
    legal: str = ""  # legal form, capital, SIREN, RCS, VAT: foot of every page
    logo: bytes = b""
    accent: str = "#1F3A5F"  # colour of titles and rules


@dataclass(frozen=True, slots=True)
class AddressBox:
    """Where the address stands, in millimetres from the left and top edges of the sheet.

    By default within the window of French envelopes, 85 × 33 mm, however the sheet lies in them.
    """

    left: float = 114
    top: float = 56.2
    width: float = 77
    height: float = 30.6


@dataclass(frozen=True, slots=True)
class Item:
    """One claimed instalment, as it reads in the table."""

    number: str
    date: str = ""
    due_date: str = ""
    days_late: str = ""
    original: str = ""
    paid: str = ""
    held: str = ""  # disputed, promised or otherwise left out of what is due
    due: str = ""
    debtor: str = ""  # whose invoice it is, when another pays
    extra: tuple[str, ...] = ()  # one for each of the letter's extra columns


@dataclass(frozen=True, slots=True)
class Total:
    """The last line of a group of items, computed by the caller."""

    label: str
    original: str = ""
    paid: str = ""
    held: str = ""
    due: str = ""
    extra: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Items of one currency with their total: two currencies are two groups and are never added."""

    items: tuple[Item, ...]
    total: Total | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Items that belong together, such as those put in default, apart from those merely recalled."""

    groups: tuple[Group, ...]
    title: str = ""
    note: str = ""
    number_label: str = ""  # heading of the first column, where the rows are not invoices


@dataclass(frozen=True, slots=True)
class Payment:
    """How the reader can pay."""

    holder: str = ""
    iban: str = ""
    bic: str = ""
    bank: str = ""
    reference: str = ""
    link: str = ""
    text: str = ""
    qr: str = ""  # payload of the QR code, as the standard of the currency wants it


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs."""

    name: str = ""
    capacity: str = ""
    image: bytes = b""


@dataclass(frozen=True, slots=True)
class Letter:
    """A reminder, a formal notice or a statement of account."""

    sender: Sender
    address: tuple[str, ...]
    place_and_date: str = ""
    references: tuple[tuple[str, str], ...] = ()
    reference: str = ""  # repeated at the top of the following pages
    parties: tuple[tuple[str, str], ...] = ()  # (role, full identity), where the letter must hold in court
    registered: str = ""  # mention of the registered letter; empty for an ordinary one
    tracking_number: str = ""
    heading: str = ""  # what the letter is: "Formal notice", "Statement of account"
    subject: str = ""
    body: str = ""  # HTML; [[items]] and [[payment]] say where the tables and means of payment go
    tables: tuple[Table, ...] = ()
    extra_columns: tuple[str, ...] = ()
    deadline: str = ""  # the calendar day, written out
    amounts_due: tuple[str, ...] = ()  # one a currency
    in_words: str = ""  # the same amounts, written out
    payment: Payment | None = None
    signature: Signature | None = None
    countersignature: tuple[str, ...] = ()  # lines beside which the reader signs
    enclosures: tuple[str, ...] = ()
    pages_enclosed: int = 0  # they follow the letter's own in the numbering
    is_numbered: bool = True  # not where another document numbers the pages
    labels: Labels = Labels()
    language: str = "fr-FR"
    address_box: AddressBox = AddressBox()


def texts(letter: Letter) -> Iterator[str]:
    """Every text that ends up on paper, HTML reduced to its words."""
    yield plain_text(letter.body)
    yield from _strings(replace(letter, body=""))


def _strings(value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _strings(part)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _strings(getattr(value, field.name))
