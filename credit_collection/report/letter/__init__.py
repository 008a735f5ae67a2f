"""Letters to debtors as PDF: plain values in, bytes out, no import of Odoo.

``content`` says what a letter holds, ``checks`` what forbids to print it, ``drawing`` prints it.
"""
