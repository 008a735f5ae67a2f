"""E-mails kept as they left: the same bytes come back, whatever they hold."""

from email.message import EmailMessage
from email.policy import SMTP
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calc.kept_message import FileMissing, fingerprint, pack, unpack

PDF = b"%PDF-1.4 " + bytes(range(256)) * 40


def message_with(*files):
    """Bytes of an e-mail with these files, as a mail server is given it."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = "Relance n°\u00a012"
    message.set_content("Veuillez régler 1\u202f200,00\u00a0€.")
    for rank, content in enumerate(files):
        message.add_attachment(content, maintype="application", subtype="pdf", filename=f"{rank}.pdf")
    return message.as_bytes()


class TestKeptMessage:
    """What is kept gives back the message byte for byte, and holds no file twice."""

    @given(st.binary(), st.lists(st.binary(max_size=300), max_size=3))
    def test_any_bytes_come_back(self, message, files):
        assert unpack(pack(message, files), files) == message

    def test_a_message_with_files_comes_back(self):
        message = message_with(PDF, b"second")
        assert unpack(pack(message, [PDF, b"second"]), [b"second", b"another", PDF]) == message

    def test_its_files_are_not_kept_again(self):
        noise = Random(1).randbytes(30_000)
        message = message_with(noise)
        assert len(message) > 40_000
        assert len(pack(message, [noise])) < 1000

    def test_the_same_file_twice_comes_back_twice(self):
        message = message_with(PDF, PDF)
        assert unpack(pack(message, [PDF, PDF]), [PDF]) == message

    def test_a_file_that_changed_is_missed(self):
        packed = pack(message_with(PDF), [PDF])
        with pytest.raises(FileMissing):
            unpack(packed, [PDF + b" "])

    def test_fingerprint_is_the_published_one(self):
        # FIPS 180-2, appendix B.1.
        assert fingerprint(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
