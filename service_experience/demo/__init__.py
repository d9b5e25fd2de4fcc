from . import service_experience_demo
from . import service_journey_demo
from . import service_handoff_demo
from . import service_delay_demo
from . import service_conversation_demo
