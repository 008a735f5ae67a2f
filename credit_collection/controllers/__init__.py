from . import answer, deposits, forecast, interest, letters, personal_data
