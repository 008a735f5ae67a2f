from . import answer, deposits, interest, letters
