from . import channels, models
