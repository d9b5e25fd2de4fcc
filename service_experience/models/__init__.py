from . import clock
from . import journey
from . import handoff
from . import delay
from . import project
