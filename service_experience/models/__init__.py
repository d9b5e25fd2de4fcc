from . import clock
from . import project
