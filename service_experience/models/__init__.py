from . import clock
from . import journey
from . import project
