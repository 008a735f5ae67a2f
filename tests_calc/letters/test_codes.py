"""Codes on a letter are read again from its printed page."""

from decimal import Decimal

import pypdfium2
import pytest
import zxingcpp
from letter.barcode import code128_bars
from letter.content import Payment
from letter.drawing import render
from letter.epc import MAXIMUM_BYTES, epc_payload, is_creditor_reference
from letter.qr import qr_modules
from letter_samples import a_letter
from reportlab.graphics.barcode.qrencoder import QR8bitByte, QRCode, QRErrorCorrectLevel

IBAN = "FR76 3000 4000 0312 3456 7890 143"


def read_codes(letter, fonts):
    """{format: bytes} of the codes on the first page, printed at 200 dpi."""
    document = pypdfium2.PdfDocument(render(letter, fonts))
    image = document[0].render(scale=200 / 72).to_pil()
    return {(code.format.name, bytes(code.bytes)) for code in zxingcpp.read_barcodes(image)}


class TestTheCodeOfACreditTransfer:
    """Twelve lines, as EPC069-12 wants them."""

    def test_line_by_line(self):
        payload = epc_payload("Atelier Dupont", IBAN, Decimal("1049.99"), "BNPAFRPPXXX", "R0000012")
        assert payload.split("\n") == [
            "BCD",
            "002",
            "1",
            "SCT",
            "BNPAFRPPXXX",
            "Atelier Dupont",
            "FR7630004000031234567890143",
            "EUR1049.99",
            "",
            "",
            "R0000012",
            "",
        ]

    def test_a_structured_reference_has_a_line_of_its_own(self):
        assert is_creditor_reference("RF18 5390 0754 7034")
        assert not is_creditor_reference("RF19539007547034")
        lines = epc_payload("A", IBAN, Decimal("1"), reference="RF18 5390 0754 7034").split("\n")
        assert lines[9:11] == ["RF18539007547034", ""]

    def test_amounts_have_two_decimals_and_bounds(self):
        assert epc_payload("A", IBAN, Decimal("12")).split("\n")[7] == "EUR12.00"
        assert epc_payload("A", IBAN, Decimal("999999999.99")).split("\n")[7] == "EUR999999999.99"
        for amount in ("0", "0.001", "-1", "1000000000"):
            assert epc_payload("A", IBAN, Decimal(amount)) == ""

    def test_long_texts_are_cut_and_the_whole_stays_within_its_size(self):
        lines = epc_payload("N" * 90, IBAN, Decimal("1"), reference="R" * 200).split("\n")
        assert (len(lines[5]), len(lines[10])) == (70, 140)
        assert epc_payload("Ж" * 70, IBAN, Decimal("1"), reference="Ж" * 140) == ""
        assert len(epc_payload("Ж" * 70, IBAN, Decimal("1"), reference="Ж" * 50).encode()) <= MAXIMUM_BYTES

    def test_no_line_can_be_added_by_a_name(self):
        assert len(epc_payload("A\nB", IBAN, Decimal("1"), reference="R\n\n1").split("\n")) == 12

    def test_without_a_right_iban_there_is_none(self):
        for number in ("12345", "FR76 3000 4000 0312 3456 7890 144"):
            assert epc_payload("A", number, Decimal("1")) == ""
        assert epc_payload("", IBAN, Decimal("1")) == ""

    def test_a_bic_that_is_none_is_left_out(self):
        assert epc_payload("A", IBAN, Decimal("1"), bic="BNPA").split("\n")[4] == ""


class TestTheModulesOfACode:
    """Encoded here in a fifth of ReportLab's time, to the same modules."""

    @pytest.mark.parametrize("count", [1, 14, 15, 62, 63, 122, 123, 180, 181, 214, 331, 700])
    def test_as_reportlab_sets_them(self, count):
        payload = "BCD\n002\né€ 1"[: count % 11] + "A" * (count - count % 11)
        code = QRCode(None, QRErrorCorrectLevel.M)
        code.addData(QR8bitByte(payload))
        code.version = code.calculate_version()
        code.makeImpl(False, 0)
        assert qr_modules(payload) == tuple(tuple(map(bool, row)) for row in code.modules)

    def test_a_text_too_long_for_any_code_is_refused(self):
        with pytest.raises(ValueError, match="3000 bytes are more than a QR code holds"):
            qr_modules("A" * 3000)


class TestCodesAreReadAgainFromPaper:
    """What a telephone or a scanner reads is what was meant, byte for byte."""

    @pytest.mark.parametrize("name", ["Atelier Dupont", "Établissements Œuvré & Fils", "Γ. Παπαδόπουλος"])
    def test_transfer_link_and_registered_number(self, fonts, name):
        payload = epc_payload(name, IBAN, Decimal("1049.99"), "BNPAFRPPXXX", "R0000012")
        link = "https://payer.example/my/invoices/overdue"
        letter = a_letter(
            registered="LRAR",
            tracking_number="1A 234 567 8901 2",
            amounts_due=("1 049,99 €",),
            payment=Payment(name, IBAN, "BNPAFRPPXXX", "BNP Paribas", "R0000012", link, qr=payload),
        )
        assert read_codes(letter, fonts) == {
            ("QRCode", payload.encode()),
            ("QRCode", link.encode()),
            ("Code128", b"1A23456789012"),
        }

    def test_the_longest_transfer(self, fonts):
        payload = epc_payload("N" * 70, IBAN, Decimal("999999999.99"), "BNPAFRPPXXX", "R" * 140)
        assert read_codes(a_letter(payment=Payment(iban=IBAN, qr=payload)), fonts) == {("QRCode", payload.encode())}

    def test_a_number_that_code_128_cannot_write_has_no_bars(self):
        assert code128_bars("é1") == (0, ())
