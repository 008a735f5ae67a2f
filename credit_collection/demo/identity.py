"""Numbers that identify a French company or account: right in their check digits, belonging to nobody."""

# INSEE has not given out numbers that begin so.
FICTIONAL_SIREN = "99991"
# No bank has this code (Banque de France's register of credit institutions).
FICTIONAL_BANK = "99999"


def luhn_digit(stem):
    """The last digit that makes the number valid by Luhn's rule."""
    total = 0
    for position, digit in enumerate(reversed(stem)):
        value = int(digit) * (2 if position % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def siren(rank):
    """The fictional SIREN of that rank, nine digits."""
    stem = f"{FICTIONAL_SIREN}{rank:03d}"
    return stem + luhn_digit(stem)


def siret(rank, establishment=1):
    """The SIRET of an establishment of the company of that rank, fourteen digits."""
    stem = f"{siren(rank)}{establishment:04d}"
    return stem + luhn_digit(stem)


def french_vat(rank):
    """The VAT number of the company of that rank."""
    number = int(siren(rank))
    return f"FR{(12 + 3 * (number % 97)) % 97:02d}{number:09d}"


def spaced_siren(rank):
    """The SIREN as it is printed: 999 910 012."""
    number = siren(rank)
    return f"{number[:3]} {number[3:6]} {number[6:]}"


def french_iban(branch, account):
    """A French IBAN: five digits of branch, eleven of account, with both check keys."""
    key = 97 - (89 * int(FICTIONAL_BANK) + 15 * int(branch) + 3 * int(account)) % 97
    domestic = f"{FICTIONAL_BANK}{branch}{account}{key:02d}"
    # F is 15, R is 27 and the two digits to come are 00 (ISO 13616).
    return f"FR{98 - int(domestic + '152700') % 97:02d}{domestic}"
