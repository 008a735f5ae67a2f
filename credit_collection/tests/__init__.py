from . import test_decision_dates
from . import test_decision_stops
from . import test_decision_tranches
from . import test_perimeter
from . import test_plan_levels
from . import test_screens
