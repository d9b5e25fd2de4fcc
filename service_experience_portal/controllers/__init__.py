from . import portal
from . import service_delay
from . import service_link
from . import service_list
from . import service_live
from . import service_seen
from . import service_step
